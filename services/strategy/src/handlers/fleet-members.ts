import { assert } from '@scalpstorm/kernel';
import type { AccountId, BotId, InstrumentId, Timeframe } from '@scalpstorm/model';
import type { LiveBot } from '../domain/advance.js';
import { heedsMarket, type Runnable } from '../domain/prepare.js';
import type { Market } from '../ports/directory.js';
import { Audience } from './audience.js';

/** A bot that runs in this process. */
export interface Member extends Runnable {
  live: LiveBot;
  /** Version of the bot since which its name and parameters are what they are; after a restart at the latest. */
  readonly configuredAt: number;
}

/** The bots that run in this process, and what of the market each of them looks at. */
export class FleetMembers {
  private readonly members = new Map<BotId, Member>();
  private readonly audience = new Audience();

  constructor(private readonly market: Market) {}

  get size(): number {
    return this.members.size;
  }

  has(botId: BotId): boolean {
    return this.members.has(botId);
  }

  get(botId: BotId): Member | undefined {
    return this.members.get(botId);
  }

  /** Of a bot that must be here. */
  of(botId: BotId): Member {
    const member = this.members.get(botId);
    assert(member !== undefined, `bot ${botId} is not of this process`);
    return member;
  }

  all(): Iterable<Member> {
    return this.members.values();
  }

  /** Those to whom the next price of the instrument can matter. */
  heeding(instrumentId: InstrumentId): Iterable<BotId> {
    return this.audience.heeding(instrumentId);
  }

  /** Those of an instrument that trade on what the model says. */
  onModel(instrumentId: InstrumentId, model: string): readonly BotId[] {
    const trades = (botId: BotId): boolean => this.members.get(botId)?.configured.measures.model === model;
    return [...this.audience.of(instrumentId)].filter(trades);
  }

  /** Those of an instrument that decide at the close of such bars. */
  onBars(instrumentId: InstrumentId, timeframe: Timeframe): readonly BotId[] {
    const hears = (botId: BotId): boolean => this.members.get(botId)?.configured.measures.bars === timeframe;
    return [...this.audience.of(instrumentId)].filter(hears);
  }

  /** Of the bots that size by what they hold. */
  sizingAccounts(): ReadonlySet<AccountId> {
    const sizing = [...this.members.values()].filter(({ configured }) => configured.measures.funds === true);
    return new Set(sizing.map(({ live }) => live.bot.config.accountId));
  }

  /**
   * Takes one in, or in again with what it is configured to now.
   * @param instrumentId of that configuration, which its record may not have yet
   */
  join(member: Member, instrumentId: InstrumentId): void {
    const { id } = member.live.bot;
    this.members.set(id, member);
    this.market.want(id, instrumentId, member.configured.measures);
    this.seat(member);
  }

  /** After a step: what it waits for may have changed. */
  seat(member: Member): void {
    const { bot, memory } = member.live;
    this.audience.seat(bot.id, bot.config.instrumentId, heedsMarket(member, memory));
  }

  leave(botId: BotId): void {
    const member = this.members.get(botId);
    this.members.delete(botId);
    if (!member) return;
    const { instrumentId } = member.live.bot.config;
    this.audience.leave(botId, instrumentId);
    this.market.drop(botId, instrumentId);
  }
}
