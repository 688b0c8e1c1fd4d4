import { Injectable } from '@nestjs/common';
import { Bus, NoAnswer } from '@scalpstorm/bus';
import { type RiskCommand, riskQuestion } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type HaltLevel, RiskScope, type TradingState } from '@scalpstorm/model';
import { nothingRemains, type Swept } from '../domain/halt-tally.js';
import { ReadModel } from '../ports/read-model.js';
import { Bots } from './bots.js';
import type { Caller } from './caller.js';
import { HaltSweep } from './halt-sweep.js';
import { accepted } from './refusals.js';
import { RiskScopes } from './risk-scopes.js';
import { Trading } from './trading.js';

/** `mine`: everything of the caller. Of others, and of the platform and venues, for people of role risk or admin. */
export type HaltScope = 'mine' | RiskScope;

export interface HaltWish {
  readonly text: string;
  readonly level: HaltLevel;
  readonly scope: HaltScope;
}
export interface ReleaseWish extends Pick<HaltWish, 'text' | 'scope'> {
  /** The scope once more, to release the platform or a venue. */
  readonly confirm?: string | undefined;
}
export interface TradingStateReply {
  readonly state: TradingState;
  readonly text: string;
  /** Null: it was never changed. */
  readonly since: string | null;
}
export interface HaltReply extends TradingStateReply, Swept {
  readonly level: HaltLevel;
  /** `mine`, or the scope in words. */
  readonly scope: string;
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
    private readonly scopes: RiskScopes,
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
    const { reach, command } = await this.#aimed(caller, scope, { kind: 'halt', text, level });
    const words = scope === 'mine' ? scope : RiskScope.format(scope);
    const asked = this.#ask(command);
    if (level === 'halt') {
      return { ...(await asked), level, scope: words, bots: [], ordersCanceled: 0, remaining: nothingRemains };
    }
    const halted = await asked.catch((error: unknown) => {
      // While the gate is away nothing opens, but what is open must not wait for it.
      if (error instanceof NoAnswer) return error;
      throw error;
    });
    const swept = await this.sweep(caller, level, reach);
    if (halted instanceof NoAnswer) throw new HaltUnconfirmed(swept, { cause: halted });
    return { ...halted, level, scope: words, ...swept };
  }

  /**
   * What a halt does beside the gate. By itself only for a service that has asked the gate already, because a halt must not wait for
   * this process.
   */
  async sweep(caller: Caller, level: Exclude<HaltLevel, 'halt'>, reach: RiskScope): Promise<Swept> {
    const tally = await this.#sweep.run(caller, { verb: verbOf[level], reach });
    return { bots: tally.bots(), ordersCanceled: tally.ordersCanceled, remaining: tally.remaining() };
  }

  /** @throws ProblemRaised also when the scope of what is everybody's was not repeated */
  async release(caller: Caller, { text, scope, confirm }: ReleaseWish): Promise<TradingStateReply> {
    const { command } = await this.#aimed(caller, scope, { kind: 'release', text });
    if (scope !== 'mine') this.scopes.needConfirmation(scope, confirm);
    return this.#ask(command);
  }

  /**
   * Whom a word reaches, and what is asked of the gate.
   * @throws ProblemRaised when the caller may not, and when there is no such scope: a key may never act for others
   */
  async #aimed(caller: Caller, scope: HaltScope, { kind, text, level }: Said) {
    const { user, commandId } = caller;
    const common = { commandId, text, by: user.userId, ...(level === undefined ? {} : { level }) };
    if (scope === 'mine') {
      return { reach: RiskScope.user(user.userId), command: { ...common, kind, userId: user.userId } };
    }
    const { ownerId, operator } = await this.scopes.rightOn(caller, scope);
    if (scope.kind === 'platform') return { reach: scope, command: { ...common, kind, userId: null } };
    const state = kind === 'halt' ? ('halted' as const) : ('active' as const);
    const set = { ...common, kind: 'set' as const, userId: ownerId, scope, state, operator };
    return { reach: scope, command: set };
  }

  /** Of a scope that is named: what was said of it, and not what binds its owner. */
  async #ask(command: RiskCommand): Promise<TradingStateReply> {
    const value = accepted(await this.bus.ask(riskQuestion, command));
    const { state, text, since } = (command.kind === 'set' ? value.states?.[0] : undefined) ?? value;
    return { state, text, since: since === null ? null : Timestamp.toIso(since) };
  }
}

interface Said {
  readonly kind: 'halt' | 'release';
  readonly text: string;
  readonly level?: HaltLevel;
}
