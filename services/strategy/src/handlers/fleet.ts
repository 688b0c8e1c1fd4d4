import { Injectable } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { cancelRequested, orderRequested } from '@scalpstorm/contracts';
import { assert, type Timestamp } from '@scalpstorm/kernel';
import type { Activity, Bot, BotId, EventId, Instrument, InstrumentId } from '@scalpstorm/model';
import { Log, Metrics, WallClock } from '@scalpstorm/observability';
import { type ConfiguredStrategy, type StrategyEvent, strategies } from '@scalpstorm/strategies';
import { type Advanced, advance, type LiveBot, type Surroundings } from '../domain/advance.js';
import { type BotMemory, memoryFromJson, memoryToJson } from '../domain/memory.js';
import { BotStore, type StoredBot } from '../ports/bot-store.js';
import { Directory, Market } from '../ports/directory.js';
import { noFacts, WriteBehind } from './write-behind.js';

/** What a bot needs to run; a configuration that was edited makes another. */
export interface Runnable {
  readonly configured: ConfiguredStrategy;
  /** The one against which the parameters were checked; the newest is asked of the directory. */
  readonly instrument: Instrument;
}

interface Member extends Runnable {
  live: LiveBot;
}

/** What led to a step. */
export interface Cause {
  readonly eventId: EventId | null;
  /** The market event that a placement rests on. */
  readonly marketAt: Timestamp | null;
}

/** A step that neither an event nor the market caused, but time or a user. */
export const ofItself: Cause = { eventId: null, marketAt: null };

/**
 * All bots of this process. A step is decided in memory and its requests leave at once: their ids are a function of the bot's
 * place in its cycle, so whoever forgets a step repeats it under the same ids. Writing follows behind.
 */
@Injectable()
export class Fleet {
  readonly writes: WriteBehind;
  private readonly members = new Map<BotId, Member>();
  private readonly byInstrument = new Map<InstrumentId, Set<BotId>>();
  /** Stored bots that do not run here, for now or because they are just being deleted. */
  private readonly away = new Map<BotId, StoredBot>();
  private readonly stepSeconds;

  constructor(
    private readonly bus: Bus,
    private readonly store: BotStore,
    private readonly market: Market,
    private readonly directory: Directory,
    private readonly clock: WallClock,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.writes = new WriteBehind(store, (botId) => this.storedOf(botId), log);
    this.stepSeconds = metrics.histogram({
      name: 'strategy_step_seconds',
      help: 'One event through one bot.',
      labels: ['event'],
    });
    const states = metrics.gauge({ name: 'bots', help: 'Bots by observed state.', labels: ['state'] });
    Object.assign(states, { collect: () => this.countStates(states) });
  }

  get(botId: BotId): LiveBot | null {
    return this.members.get(botId)?.live ?? null;
  }

  all(): readonly LiveBot[] {
    return [...this.members.values()].map((member) => member.live);
  }

  /** One that is stored and does not run: its events must wait for it. */
  awayBot(botId: BotId): Bot | null {
    return this.away.get(botId)?.bot ?? null;
  }

  get someAway(): boolean {
    return this.away.size > 0;
  }

  onInstrument(instrumentId: InstrumentId): Iterable<BotId> {
    return this.byInstrument.get(instrumentId) ?? [];
  }

  /** Takes a bot in, or in again after its configuration changed. */
  join(bot: Bot, memory: BotMemory, { configured, instrument }: Runnable): void {
    this.away.delete(bot.id);
    this.members.set(bot.id, { live: { bot, memory, wakeAt: null }, configured, instrument });
    const peers = this.byInstrument.get(bot.config.instrumentId) ?? new Set();
    this.byInstrument.set(bot.config.instrumentId, peers.add(bot.id));
  }

  /** Every stored bot that can be run. @throws NoAnswer when one needs market-data to say what its instrument is */
  async load(): Promise<void> {
    for (const stored of await this.store.loadAll()) await this.takeIn(stored);
    this.log.info({ bots: this.members.size, leftOut: this.away.size }, 'bots loaded');
  }

  /** Tries once more those that could not be run; gives back those that now can. */
  async loadAway(): Promise<readonly BotId[]> {
    const taken: BotId[] = [];
    for (const [botId, stored] of this.away) if (await this.takeIn(stored)) taken.push(botId);
    return taken;
  }

  /** False, and reported once: its instrument is unknown, or its strategy does not take its parameters any more. */
  async takeIn(stored: StoredBot): Promise<boolean> {
    const { config, id } = stored.bot;
    if (this.members.has(id)) return true;
    const instrument = stored.instrument ?? (await this.directory.instrument(config.instrumentId));
    const configured = instrument && strategies.get(config.strategy)?.configure(config.parameters, instrument);
    if (instrument && configured?.ok) {
      this.join(stored.bot, memoryFromJson(stored.state), { configured: configured.value, instrument });
      return true;
    }
    const { strategy, instrumentId } = config;
    if (!this.away.has(id)) {
      this.log.error({ botId: id, strategy, instrumentId }, 'a stored bot can not be configured and is left out');
    }
    this.away.set(id, stored);
    return false;
  }

  /** The bot's record changed by a user's word; its strategy hears of it through `step`. */
  setBot(botId: BotId, bot: Bot): void {
    const member = this.members.get(botId);
    assert(member !== undefined, `bot ${botId} is not of this process`);
    member.live = { ...member.live, bot: { ...bot, version: member.live.bot.version + 1 } };
    this.writes.note(botId, { ...noFacts, visible: true });
  }

  /**
   * One event through one bot. Returns whether anything changed; nothing is awaited. A bot of which too much is not written
   * hears no market and no time, and catches up when Postgres is back.
   */
  step(botId: BotId, event: StrategyEvent, cause: Cause): boolean {
    const member = this.members.get(botId);
    if (!member) return false;
    const canWait = event.kind === 'quote' || event.kind === 'trade' || event.kind === 'tick';
    if (canWait && this.writes.isFull(botId)) return false;
    const began = performance.now();
    const advanced = advance(member.live, event, this.surroundings(member));
    this.stepSeconds.observe({ event: event.kind }, (performance.now() - began) / 1e3);
    member.live = advanced.live;
    if (!advanced.changed) return false;
    const { cycles, activities, visible } = advanced;
    this.writes.note(botId, { cycles, activities, visible, causedBy: cause.eventId });
    this.sendOrders(advanced, cause);
    return true;
  }

  /** Resolves when Postgres has what memory has of the bot, however long that takes; at once for one that is not here. */
  async written(botId: BotId): Promise<void> {
    if (this.members.has(botId)) await this.writes.writeSurely(botId);
  }

  /** Deletes it, together with what was not written of it. @throws what the store throws; the bot is back then. */
  async delete(botId: BotId, commandId: string, activity: Activity): Promise<Bot> {
    const member = this.members.get(botId);
    assert(member !== undefined, `bot ${botId} is not of this process`);
    const stored = this.storedOf(botId);
    const gone: Bot = { ...stored.bot, version: stored.bot.version + 1 };
    this.away.set(botId, stored);
    this.forget(botId);
    const facts = await this.writes.release(botId);
    try {
      const told = { ...facts, visible: true, activities: [...facts.activities, activity] };
      await this.store.commitCommand(commandId, { ...told, stored: { ...stored, bot: gone }, deleted: true });
    } catch (error) {
      this.join(member.live.bot, member.live.memory, member);
      if (facts !== noFacts) this.writes.note(botId, facts);
      throw error;
    }
    this.away.delete(botId);
    return gone;
  }

  /** It is deleted in the record. */
  forget(botId: BotId): void {
    const member = this.members.get(botId);
    this.members.delete(botId);
    if (member) this.byInstrument.get(member.live.bot.config.instrumentId)?.delete(botId);
  }

  private storedOf(botId: BotId): StoredBot {
    const member = this.members.get(botId);
    assert(member !== undefined, `bot ${botId} is not of this process`);
    const { bot, memory } = member.live;
    return { bot, state: memoryToJson(memory), instrument: member.instrument };
  }

  private surroundings({ live, configured, instrument }: Member): Surroundings {
    const { instrumentId } = live.bot.config;
    const now = this.clock.now();
    return {
      configured,
      instrument: this.directory.knownInstrument(instrumentId) ?? instrument,
      quote: this.market.quote(instrumentId, now),
      trade: this.market.trade(instrumentId, now),
      now,
    };
  }

  private sendOrders({ placements, cancels, live }: Advanced, { eventId, marketAt }: Cause): void {
    for (const { request, ask } of placements) {
      const event = { meta: newMeta(this.clock, eventId), order: request, ask, marketAt };
      // A request that is lost is asked again by the strategy itself, with the next number.
      this.bus.send(orderRequested, event, `${request.clientOrderId}:${ask}`).catch((error) => {
        this.log.warn(
          { clientOrderId: request.clientOrderId, error },
          'a request was not acknowledged; it will be asked again',
        );
      });
    }
    for (const { clientOrderId, reason } of cancels) {
      const { accountId } = live.bot.config;
      const event = { meta: newMeta(this.clock, eventId), accountId, clientOrderId, reason };
      this.bus.send(cancelRequested, event).catch((error) => {
        this.log.warn({ clientOrderId, error }, 'a cancel was not acknowledged; it will be asked again');
      });
    }
  }

  private countStates(gauge: { reset(): void; inc(labels: { state: string }): void }): void {
    gauge.reset();
    for (const { live } of this.members.values()) gauge.inc({ state: live.bot.observed });
  }
}
