import { Injectable } from '@nestjs/common';
import { Bus, NoAnswer } from '@scalpstorm/bus';
import { type Flatness, flatQuestion, type InstrumentsReply, instrumentsQuestion } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type AccountId, BotId, RiskScope } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { type HaltProof, proofOf } from '../domain/halt-proof.js';
import { ReadModel } from '../ports/read-model.js';
import type { Caller } from './caller.js';
import type { HaltScope } from './emergency.js';
import { RiskScopes } from './risk-scopes.js';

/** Execution asks the venues in between, and a venue that does not answer in time is one that proves nothing. */
const askMs = 15_000;
const listingMs = 1_500;
/** Accounts in one question; the questions are asked at the same time. */
const accountsPerQuestion = 50;

const nothing: Flatness = { accounts: [], halted: false };

/** Proof of flat after a halt: what the venues say, and of whom nothing can be said. It changes nothing and may be asked again and again. */
@Injectable()
export class HaltProofs {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
    private readonly scopes: RiskScopes,
    private readonly clock: WallClock,
  ) {}

  /** @throws ProblemRaised when the caller may not see it, and when there is no such scope */
  async prove(caller: Caller, scope: HaltScope): Promise<HaltProof> {
    const reach = scope === 'mine' ? RiskScope.user(caller.user.userId) : scope;
    if (scope !== 'mine') await this.scopes.rightOn(caller, scope);
    const scopes = scope === 'mine' ? [RiskScope.platform, reach] : await this.scopes.around(caller, reach);
    const accounts = await this.readModel.accountsIn(reach);
    const botId = reach.kind === 'bot' ? BotId.of(reach.id) : null;
    const [found, listing] = await Promise.all([this.#ask({ accounts, botId, scopes }), this.#listing()]);
    const words = scope === 'mine' ? scope : RiskScope.format(scope);
    return proofOf({ scope: words, checkedAt: Timestamp.toIso(this.clock.now()), accounts }, found, listing);
  }

  async #ask({ accounts, botId, scopes }: Wanted): Promise<Flatness> {
    // Also with no account: is it halted?
    const parts = accounts.length === 0 ? [[]] : inParts(accounts);
    const answers = await Promise.all(
      parts.map((accountIds) => this.bus.ask(flatQuestion, { accountIds, botId, scopes }, askMs).catch(silence)),
    );
    return {
      accounts: answers.flatMap((answer) => answer.accounts),
      halted: answers.every(({ halted }) => halted),
    };
  }

  /** Null: market-data did not answer in time, so nothing is dust. */
  async #listing(): Promise<InstrumentsReply | null> {
    return this.bus.ask(instrumentsQuestion, { instrumentId: null }, listingMs).catch((error: unknown) => {
      if (error instanceof NoAnswer) return null;
      throw error;
    });
  }
}

interface Wanted {
  readonly accounts: readonly AccountId[];
  readonly botId: BotId | null;
  readonly scopes: readonly RiskScope[];
}

const inParts = (accounts: readonly AccountId[]): readonly (readonly AccountId[])[] =>
  Array.from({ length: Math.ceil(accounts.length / accountsPerQuestion) }, (_, part) =>
    accounts.slice(part * accountsPerQuestion, (part + 1) * accountsPerQuestion),
  );

function silence(error: unknown): Flatness {
  if (error instanceof NoAnswer) return nothing;
  throw error;
}
