import { Injectable } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { cancelRequested, orderRequested } from '@scalpstorm/contracts';
import { assert, type Timestamp } from '@scalpstorm/kernel';
import type { Activity, Bot, BotId, Cycle, EventId, InstrumentId, Quantity } from '@scalpstorm/model';
import { Log, Metrics, WallClock } from '@scalpstorm/observability';
import { type ConfiguredStrategy, type StrategyEvent, strategies } from '@scalpstorm/strategies';
import { type Advanced, advance, type LiveBot, type Surroundings } from '../domain/advance.js';
import { type BotMemory, memoryFromJson, memoryToJson } from '../domain/memory.js';
import { type BotChange, BotStore } from '../ports/bot-store.js';
import { Directory, Market } from '../ports/directory.js';

interface Member {
  live: LiveBot;
  configured: ConfiguredStrategy;
  /** What memory has and Postgres has not; null when they agree. */
  unsaved: Unsaved | null;
}

interface Unsaved {
  readonly cycles: readonly Cycle[];
  readonly activities: readonly Activity[];
  readonly visible: boolean;
  readonly causedBy: EventId | null;
}

/** What led to a step. */
export interface Cause {
  readonly eventId: EventId | null;
  /** The market event that a placement rests on. */
  readonly marketAt: Timestamp | null;
}

/**
 * All bots of this process. A step is decided in memory and its requests leave at once: their ids are a function of the bot's
 * place in its cycle, so whoever forgets a step repeats it under the same ids. Writing follows behind.
 */
@Injectable()
export class Fleet {
  private readonly members = new Map<BotId, Member>();
  private readonly byInstrument = new Map<InstrumentId, Set<BotId>>();
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

  onInstrument(instrumentId: InstrumentId): Iterable<BotId> {
    return this.byInstrument.get(instrumentId) ?? [];
  }

  /** Takes a bot in, or in again after its configuration changed. */
  join(bot: Bot, memory: BotMemory, configured: ConfiguredStrategy): void {
    const unsaved = this.members.get(bot.id)?.unsaved ?? null;
    this.members.set(bot.id, { live: { bot, memory, wakeAt: null }, configured, unsaved });
    const peers = this.byInstrument.get(bot.config.instrumentId) ?? new Set();
    this.byInstrument.set(bot.config.instrumentId, peers.add(bot.id));
  }

  leave(botId: BotId): void {
    const member = this.members.get(botId);
    if (!member) return;
    this.members.delete(botId);
    this.byInstrument.get(member.live.bot.config.instrumentId)?.delete(botId);
  }

  /** Loads every bot; those whose strategy can not be configured any more are kept out and reported. */
  async load(): Promise<void> {
    for (const stored of await this.store.loadAll()) {
      const { config } = stored.bot;
      const instrument = await this.directory.instrument(config.instrumentId);
      const configured = instrument && strategies.get(config.strategy)?.configure(config.parameters, instrument);
      if (!configured?.ok) {
        this.log.error(
          { botId: stored.bot.id, strategy: config.strategy },
          'a stored bot can not be configured and is left out',
        );
        continue;
      }
      this.join(stored.bot, memoryFromJson(stored.state), configured.value);
    }
    this.log.info({ bots: this.members.size }, 'bots loaded');
  }

  /** The bot's record changed by a user's word; its strategy hears of it through `step`. */
  setBot(botId: BotId, bot: Bot): void {
    const member = this.members.get(botId);
    assert(member !== undefined, `bot ${botId} is not of this process`);
    member.live = { ...member.live, bot: { ...bot, version: member.live.bot.version + 1 } };
    member.unsaved = merged(member.unsaved, { cycles: [], activities: [], visible: true, causedBy: null });
  }

  /** One event through one bot. Returns whether anything changed; nothing is awaited. */
  step(botId: BotId, event: StrategyEvent, cause: Cause): boolean {
    const member = this.members.get(botId);
    if (!member) return false;
    const around = this.surroundings(member);
    if (!around) return false;
    const began = performance.now();
    const advanced = advance(member.live, event, around);
    this.stepSeconds.observe({ event: event.kind }, (performance.now() - began) / 1e3);
    member.live = advanced.live;
    if (!advanced.changed) return false;
    const { cycles, activities, visible } = advanced;
    member.unsaved = merged(member.unsaved, { cycles, activities, visible, causedBy: cause.eventId });
    this.sendOrders(advanced, cause);
    return true;
  }

  /** Resolves when Postgres has what memory has. @throws what the store throws; the change stays unsaved then. */
  async save(botId: BotId, commandId: string | null = null): Promise<void> {
    const member = this.members.get(botId);
    if (!member || (member.unsaved === null && commandId === null)) return;
    const unsaved = member.unsaved ?? { cycles: [], activities: [], visible: true, causedBy: null };
    member.unsaved = null;
    const { bot, memory } = member.live;
    const change: BotChange = { ...unsaved, stored: { bot, state: memoryToJson(memory) }, deleted: false };
    try {
      await (commandId === null ? this.store.commit(change) : this.store.commitCommand(commandId, change));
    } catch (error) {
      member.unsaved = merged(unsaved, member.unsaved);
      throw error;
    }
  }

  /** Writes behind: for steps that nobody waits for. What fails stays unsaved and goes with the next one. */
  saveBehind(botId: BotId): void {
    this.save(botId).catch((error) => this.log.warn({ botId, error }, 'a bot could not be written down yet'));
  }

  /** The smallest quantity that can be sold at all; null while the instrument is not known. */
  sellableStep(bot: Bot): Quantity | null {
    return this.directory.knownInstrument(bot.config.instrumentId)?.quantityMin ?? null;
  }

  unsaved(): readonly BotId[] {
    return [...this.members].filter(([, member]) => member.unsaved !== null).map(([botId]) => botId);
  }

  private surroundings({ live, configured }: Member): Surroundings | null {
    const { instrumentId } = live.bot.config;
    const instrument = this.directory.knownInstrument(instrumentId);
    if (!instrument) return null;
    return {
      configured,
      instrument,
      quote: this.market.quote(instrumentId),
      trade: this.market.trade(instrumentId),
      now: this.clock.now(),
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

function merged(first: Unsaved | null, second: Unsaved | null): Unsaved | null {
  if (first === null || second === null) return first ?? second;
  return {
    cycles: [...first.cycles, ...second.cycles],
    activities: [...first.activities, ...second.activities],
    visible: first.visible || second.visible,
    causedBy: second.causedBy ?? first.causedBy,
  };
}
