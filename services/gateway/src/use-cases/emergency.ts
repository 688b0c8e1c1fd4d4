import { Injectable } from '@nestjs/common';
import { Bus, NoAnswer } from '@scalpstorm/bus';
import { type RiskCommand, riskQuestion } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { TradingState, UserId } from '@scalpstorm/model';
import { refusalAt } from '../domain/admission.js';
import { nothingRemains, type Swept } from '../domain/halt-tally.js';
import { ProblemRaised } from '../domain/problem.js';
import { ReadModel } from '../ports/read-model.js';
import { Bots } from './bots.js';
import type { Caller } from './caller.js';
import { HaltSweep } from './halt-sweep.js';
import { accepted } from './refusals.js';
import { Trading } from './trading.js';

/** Each level does what the one before it does, too: nothing new · own orders canceled · positions closed. */
export const haltLevels = ['halt', 'cancel', 'flatten'] as const;
export type HaltLevel = (typeof haltLevels)[number];
/** `mine`: the caller's bots; `platform`: everybody's, for the roles risk and admin. */
export const haltScopes = ['mine', 'platform'] as const;
export type HaltScope = (typeof haltScopes)[number];

export interface HaltWish {
  readonly text: string;
  readonly level: HaltLevel;
  readonly scope: HaltScope;
}
export interface TradingStateReply {
  readonly state: TradingState;
  readonly text: string;
  /** Null: it was never changed. */
  readonly since: string | null;
}
export interface HaltReply extends TradingStateReply, Swept {
  readonly level: HaltLevel;
  readonly scope: HaltScope;
}

/** The gate did not say that trading is halted; everything beside it was done. Weather, like the missing answer itself. */
export class HaltUnconfirmed extends Error {
  override readonly name = 'HaltUnconfirmed';

  constructor(
    readonly swept: Swept,
    options: { readonly cause: NoAnswer },
  ) {
    super('the risk gate did not answer', options);
  }
}

const verbOf = { cancel: 'stop', flatten: 'flatten' } as const;

/** The emergency brake. The halt comes first and is durable before any bot is told; a bot that fails does not keep the rest. */
@Injectable()
export class Emergency {
  readonly #sweep: HaltSweep;

  constructor(
    private readonly bus: Bus,
    readModel: ReadModel,
    bots: Bots,
    trading: Trading,
  ) {
    this.#sweep = new HaltSweep(readModel, bots, trading, bus);
  }

  state({ user, commandId }: Caller): Promise<TradingStateReply> {
    return this.#ask({ kind: 'state', commandId, userId: user.userId, text: '' });
  }

  /** Of the whole platform, whatever the user's own is. */
  platformState({ commandId }: Caller): Promise<TradingStateReply> {
    return this.#ask({ kind: 'state', commandId, userId: null, text: '' });
  }

  /** @throws HaltUnconfirmed after everything else was done: bots stop and orders go also while the gate is away */
  async halt(caller: Caller, { text, level, scope }: HaltWish): Promise<HaltReply> {
    const userId = scopeOf(caller, scope);
    const asked = this.#ask({ kind: 'halt', commandId: caller.commandId, userId, text });
    if (level === 'halt') {
      return { ...(await asked), level, scope, bots: [], ordersCanceled: 0, remaining: nothingRemains };
    }
    const halted = await asked.catch((error: unknown) => {
      // While the gate is away nothing opens, but what is open must not wait for it.
      if (error instanceof NoAnswer) return error;
      throw error;
    });
    const swept = await this.sweep(caller, level, userId);
    if (halted instanceof NoAnswer) throw new HaltUnconfirmed(swept, { cause: halted });
    return { ...halted, level, scope, ...swept };
  }

  /**
   * What a halt does beside the gate: of everybody where the user is null. By itself only for a service that has asked the gate
   * already, because a halt must not wait for this process.
   */
  async sweep(caller: Caller, level: Exclude<HaltLevel, 'halt'>, userId: UserId | null): Promise<Swept> {
    const tally = await this.#sweep.run(caller, { verb: verbOf[level], userId });
    return { bots: tally.bots(), ordersCanceled: tally.ordersCanceled, remaining: tally.remaining() };
  }

  release(caller: Caller, { text, scope }: Pick<HaltWish, 'text' | 'scope'>): Promise<TradingStateReply> {
    return this.#ask({ kind: 'release', commandId: caller.commandId, userId: scopeOf(caller, scope), text });
  }

  async #ask(command: RiskCommand): Promise<TradingStateReply> {
    const { state, text, since } = accepted(await this.bus.ask(riskQuestion, command));
    return { state, text, since: since === null ? null : Timestamp.toIso(since) };
  }
}

/** Null: the whole platform, which is for people of role risk or admin who logged in: a key may never act as one. */
function scopeOf({ user }: Caller, scope: HaltScope): UserId | null {
  if (scope === 'mine') return user.userId;
  const refusal = refusalAt(user, { access: 'risk', personOnly: true });
  if (refusal !== null) throw new ProblemRaised(refusal);
  return null;
}
