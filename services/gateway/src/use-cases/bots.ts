import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import {
  type BotAnswer,
  type BotCommand,
  botQuestion,
  journalQuestion,
  type ParameterWarning,
} from '@scalpstorm/contracts';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  type BotId,
  type BotVerb,
  InstrumentId,
  type JsonObject,
  type Mode,
  type UserId,
} from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { cursorOf, type Listing, type Page } from '../domain/cursor.js';
import { accountUnknown } from '../domain/manual-order.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { type BotView, botView, type CycleView, type FillView, type OrderView } from '../domain/views.js';
import { Projection } from '../ports/projection.js';
import { ReadModel } from '../ports/read-model.js';
import type { Caller } from './caller.js';
import { accepted } from './refusals.js';

export interface NewBot {
  readonly name: string;
  readonly strategy: string;
  readonly account: string;
  readonly venue: string;
  readonly symbol: string;
  readonly mode: Mode;
  readonly parameters: JsonObject;
}
export interface BotPatch {
  readonly name?: string | undefined;
  /** Merged into what the bot has; null removes one. */
  readonly parameters?: JsonObject | undefined;
  /** Of the bot as the caller read it; the edit is refused when name or parameters changed since. */
  readonly version?: number | undefined;
}

/** A step that changed something, or the state from which steps go on; its form is told in docs/replay.md. */
export interface JournalRowView {
  readonly number: number;
  readonly entry: JsonObject;
}

/** With what is allowed, but probably not meant, about its parameters. */
export type WarnedBotView = BotView & { readonly warnings: readonly ParameterWarning[] };

/** A command that is late is better than one of which nobody knows; who is not there at all is found out at once. */
const commandMs = 5_000;

/** Bots: what the strategy service decides, asked on behalf of their owner. Every door calls these very methods. */
@Injectable()
export class Bots {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
    private readonly projection: Projection,
    private readonly clock: WallClock,
  ) {}

  list(userId: UserId, page: Page): Promise<Listing<BotView>> {
    return this.readModel.bots(userId, page);
  }

  /** @throws ProblemRaised NOT_FOUND also for the bot of somebody else */
  async get(userId: UserId, botId: BotId): Promise<BotView> {
    const bot = await this.readModel.bot(userId, botId);
    if (bot === null) throw new ProblemRaised(problems.notFound('bot'));
    return bot;
  }

  async create({ user, commandId }: Caller, wanted: NewBot): Promise<WarnedBotView> {
    const { name, strategy, account, venue, symbol, mode, parameters } = wanted;
    const { userId } = user;
    const accountId = AccountId.of(account);
    if (!(await this.readModel.ownsAccount(userId, accountId))) throw new ProblemRaised(accountUnknown(account));
    const instrumentId = InstrumentId.of(venue, symbol);
    const config = { name, strategy, accountId, mode, instrumentId, parameters };
    return this.#askWarned({ kind: 'create', commandId, userId, config });
  }

  async edit({ user, commandId }: Caller, botId: BotId, patch: BotPatch): Promise<WarnedBotView> {
    const { userId } = user;
    await this.get(userId, botId);
    const { name = null, parameters = {}, version } = patch;
    const expected = version === undefined ? {} : { expectedVersion: version };
    // Merged where the bot lives, one edit after the other: of two that meet here neither is lost.
    return this.#askWarned({ kind: 'edit', commandId, userId, botId, name, parameters, merge: true, ...expected });
  }

  async delete({ user, commandId }: Caller, botId: BotId): Promise<void> {
    const { userId } = user;
    await this.get(userId, botId);
    await this.#ask({ kind: 'delete', commandId, userId, botId });
  }

  /**
   * Of a bot that the read model has just named; strategy checks whose it is, and does nothing of it later.
   * @throws NoAnswer after so many milliseconds
   */
  async tell(
    { user, commandId }: Caller,
    { botId, verb }: { readonly botId: BotId; readonly verb: BotVerb },
    withinMs: number,
  ): Promise<void> {
    const bot = accepted(await this.#within(withinMs, { kind: 'verb', commandId, userId: user.userId, botId, verb }));
    await this.projection.foldAnswer({ bot, deleted: false });
  }

  async command({ user, commandId }: Caller, botId: BotId, verb: BotVerb): Promise<BotView> {
    const { userId } = user;
    await this.get(userId, botId);
    return this.#ask({ kind: 'verb', commandId, userId, botId, verb });
  }

  /** Sells or buys back what the bot holds, and stops it. */
  async close(caller: Caller, botId: BotId): Promise<BotView> {
    const bot = await this.get(caller.user.userId, botId);
    const flat = /^-?0(\.0+)?$/.test(bot.held);
    if (flat && bot.desired === 'stopped') throw new ProblemRaised(problems.positionFlat());
    return this.command(caller, botId, 'flatten');
  }

  async cycles(userId: UserId, botId: BotId, page: Page): Promise<Listing<CycleView>> {
    await this.get(userId, botId);
    return this.readModel.cycles(userId, botId, page);
  }

  async orders(userId: UserId, filter: { bot: BotId; open: boolean | null }, page: Page): Promise<Listing<OrderView>> {
    await this.get(userId, filter.bot);
    return this.readModel.orders(userId, filter, page);
  }

  async fills(userId: UserId, botId: BotId, page: Page): Promise<Listing<FillView>> {
    await this.get(userId, botId);
    return this.readModel.fills(userId, botId, page);
  }

  /** What it was told and did, oldest first; asked of whoever keeps it. A cursor is the number of the last row that was told. */
  async journal(userId: UserId, botId: BotId, { before, limit }: Page): Promise<Listing<JournalRowView>> {
    await this.get(userId, botId);
    const after = Number(before ?? 0n);
    const { rows, hasMore } = await this.bus.ask(journalQuestion, { userId, botId, after, limit });
    const data = rows.map(({ number, entry }) => ({ number, entry: JSON.parse(entry) as JsonObject }));
    return { data, hasMore, nextCursor: hasMore ? cursorOf(BigInt(rows.at(-1)?.number ?? after)) : null };
  }

  /** The answer is folded at once, so that the next read of this user shows it. */
  async #askWarned(command: BotCommand): Promise<WarnedBotView> {
    const answer = await this.#within(commandMs, command);
    const bot = accepted(answer);
    await this.projection.foldAnswer({ bot, deleted: command.kind === 'delete' });
    return { ...botView(bot), warnings: answer.ok ? (answer.warnings ?? []) : [] };
  }

  /** When nobody waits for it any more nobody carries it out either. */
  #within(ms: number, command: BotCommand): Promise<BotAnswer> {
    const until = Timestamp.fromMicros(this.clock.now() + Math.ceil(ms) * millisecond);
    return this.bus.ask(botQuestion, { ...command, until }, ms);
  }

  async #ask(command: BotCommand): Promise<BotView> {
    const { warnings: _warnings, ...view } = await this.#askWarned(command);
    return view;
  }
}
