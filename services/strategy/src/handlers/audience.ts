import type { BotId, InstrumentId } from '@scalpstorm/model';

interface Listeners {
  readonly all: Set<BotId>;
  readonly heeding: Set<BotId>;
}

/**
 * Which bots look at an instrument, and to which of them its next price can matter at all: of thousands of bots most wait for
 * an order that rests at the venue.
 */
export class Audience {
  private readonly listeners = new Map<InstrumentId, Listeners>();

  of(instrumentId: InstrumentId): Iterable<BotId> {
    return this.listeners.get(instrumentId)?.all ?? [];
  }

  heeding(instrumentId: InstrumentId): Iterable<BotId> {
    return this.listeners.get(instrumentId)?.heeding ?? [];
  }

  /** Comes in, or heeds the market from now on, or not any more. */
  seat(botId: BotId, instrumentId: InstrumentId, heeds: boolean): void {
    const { all, heeding } = this.listenersOf(instrumentId);
    all.add(botId);
    if (heeds) heeding.add(botId);
    else heeding.delete(botId);
  }

  leave(botId: BotId, instrumentId: InstrumentId): void {
    const { all, heeding } = this.listenersOf(instrumentId);
    all.delete(botId);
    heeding.delete(botId);
    if (all.size === 0) this.listeners.delete(instrumentId);
  }

  private listenersOf(instrumentId: InstrumentId): Listeners {
    const known = this.listeners.get(instrumentId);
    if (known) return known;
    const listeners: Listeners = { all: new Set(), heeding: new Set() };
    this.listeners.set(instrumentId, listeners);
    return listeners;
  }
}
