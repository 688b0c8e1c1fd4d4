import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { type RiskCommand, riskQuestion } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId, type BotVerb, type UserId } from '@scalpstorm/model';
import { mayActAs } from '../domain/principal.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { ReadModel } from '../ports/read-model.js';
import { Bots } from './bots.js';
import type { Caller } from './caller.js';
import { accepted } from './refusals.js';
import { Trading } from './trading.js';

/** Each level does what the one before it does, too: nothing new · own orders canceled · positions closed. */
export const haltLevels = ['halt', 'cancel', 'flatten'] as const;
export type HaltLevel = (typeof haltLevels)[number];
/** `mine`: the caller's bots; `platform`: everybody's, for administrators. */
export const haltScopes = ['mine', 'platform'] as const;
export type HaltScope = (typeof haltScopes)[number];

export interface HaltWish {
  readonly text: string;
  readonly level: HaltLevel;
  readonly scope: HaltScope;
}
export interface TradingStateReply {
  readonly state: 'active' | 'halted';
  readonly text: string;
  /** Null: it was never changed. */
  readonly since: string | null;
}
/** What became of one bot; `code` is null when it obeyed. */
export interface BotOutcome {
  readonly bot: string;
  readonly verb: BotVerb;
  readonly code: string | null;
  readonly text: string;
}
export interface HaltReply extends TradingStateReply {
  readonly level: HaltLevel;
  readonly scope: HaltScope;
  readonly bots: readonly BotOutcome[];
  /** Orders without a bot for which a cancel was asked. */
  readonly ordersCanceled: number;
}

const verbOf: Readonly<Record<Exclude<HaltLevel, 'halt'>, BotVerb>> = { cancel: 'stop', flatten: 'flatten' };
const botsMax = 1_000;
const ordersMax = 500;
/** Commands under way at once; strategy carries them out one after the other anyway. */
const lanes = 8;

/** The emergency brake. The halt comes first and is durable before any bot is told; a bot that fails does not keep the rest. */
@Injectable()
export class Emergency {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
    private readonly bots: Bots,
    private readonly trading: Trading,
  ) {}

  state({ user, commandId }: Caller): Promise<TradingStateReply> {
    return this.#ask({ kind: 'state', commandId, userId: user.userId, text: '' });
  }

  /** Of the whole platform, whatever the user's own is. */
  platformState({ commandId }: Caller): Promise<TradingStateReply> {
    return this.#ask({ kind: 'state', commandId, userId: null, text: '' });
  }

  async halt(caller: Caller, { text, level, scope }: HaltWish): Promise<HaltReply> {
    const state = await this.#ask({
      kind: 'halt',
      commandId: caller.commandId,
      userId: scopeOf(caller, scope),
      text,
    });
    if (level === 'halt') return { ...state, level, scope, bots: [], ordersCanceled: 0 };
    const bots = await this.#tellBots(caller, verbOf[level], scope);
    const ordersCanceled = await this.trading.cancelAllOfNoBot(caller, ordersMax);
    return { ...state, level, scope, bots, ordersCanceled };
  }

  release(caller: Caller, { text, scope }: Pick<HaltWish, 'text' | 'scope'>): Promise<TradingStateReply> {
    return this.#ask({ kind: 'release', commandId: caller.commandId, userId: scopeOf(caller, scope), text });
  }

  async #tellBots(caller: Caller, verb: BotVerb, scope: HaltScope): Promise<readonly BotOutcome[]> {
    const user = scope === 'mine' ? caller.user.userId : null;
    // A bot that an earlier halt has stopped may hold something yet: flattening is about that.
    const owned = await this.readModel.activeBots(user, { limit: botsMax, orHolding: verb === 'flatten' });
    const outcomes: BotOutcome[] = [];
    const waiting = [...owned];
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        outcomes.push(await this.#tell(caller, next, verb));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return outcomes.sort((left, right) => left.bot.localeCompare(right.bot));
  }

  async #tell(
    { user, commandId }: Caller,
    owned: { botId: BotId; userId: UserId },
    verb: BotVerb,
  ): Promise<BotOutcome> {
    const { botId, userId } = owned;
    const own = createHash('sha256').update(`${commandId}:${botId}`).digest('hex').slice(0, 32);
    try {
      await this.bots.command({ user: { ...user, userId }, commandId: own }, BotId.of(botId), verb);
      return { bot: botId, verb, code: null, text: '' };
    } catch (error) {
      if (error instanceof ProblemRaised) {
        return { bot: botId, verb, code: error.problem.code, text: error.problem.detail };
      }
      return { bot: botId, verb, code: 'SERVICE_UNAVAILABLE', text: 'It is not known whether the bot obeyed.' };
    }
  }

  async #ask(command: RiskCommand): Promise<TradingStateReply> {
    const { state, text, since } = accepted(await this.bus.ask(riskQuestion, command));
    return { state, text, since: since === null ? null : Timestamp.toIso(since) };
  }
}

/** Null: the whole platform. */
function scopeOf({ user }: Caller, scope: HaltScope): UserId | null {
  if (scope === 'mine') return user.userId;
  if (!mayActAs(user.role, 'admin')) throw new ProblemRaised(problems.forbidden('admin'));
  return null;
}
