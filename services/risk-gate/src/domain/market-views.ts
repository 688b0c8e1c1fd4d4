import { knownUntil, type MarketView, type Telling, type VenueClock } from '@scalpstorm/engine';
import { Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus, InstrumentId, Price, Quote, Trade } from '@scalpstorm/model';

/** Before market-data has said that a feed is live, its prices prove nothing. It says so every second. */
const unknownFeed: FeedStatus['state'] = 'disconnected';
const longAgo = Timestamp.fromMicros(0);

/** The newest of every instrument that is heard; their number is what the venues list. */
export class MarketViews {
  private readonly views = new Map<InstrumentId, MarketView>();
  private readonly lastPrices = new Map<InstrumentId, Price>();
  private watcher: (id: InstrumentId) => void = () => undefined;
  /** How far the clock of the venue is ahead of ours, as market-data measured it. */
  private readonly clocks = new Map<InstrumentId, VenueClock>();

  get(id: InstrumentId): MarketView | null {
    return this.views.get(id) ?? null;
  }

  /** Who is told of every price that is heard. */
  watch(watcher: (id: InstrumentId) => void): void {
    this.watcher = watcher;
  }

  all(): Iterable<readonly [InstrumentId, MarketView]> {
    return this.views;
  }

  /** Null while it was not measured. */
  clockOf(id: InstrumentId): VenueClock | null {
    return this.clocks.get(id) ?? null;
  }

  /** Marks of everything that is held: last trades, or else the middle of the book. */
  get marks(): ReadonlyMap<InstrumentId, Price> {
    return this.lastPrices;
  }

  /** A quote that stands is told again and again, so its age counts from when market-data last said it. */
  onQuote(quote: Quote, telling: Telling): void {
    const { instrumentId, bidPrice, askPrice } = quote;
    const before = this.views.get(instrumentId);
    this.views.set(instrumentId, {
      feed: before?.feed ?? unknownFeed,
      bid: bidPrice,
      ask: askPrice,
      last: before?.last ?? null,
      occurredAt: this.knownUntil(instrumentId, quote.occurredAt, telling, telling.recordedAt),
    });
    if ((before?.last ?? null) === null) {
      this.lastPrices.set(instrumentId, ((bidPrice + askPrice) / 2n) as Price);
    }
    this.watcher(instrumentId);
  }

  /** A trade is told once: what is known is as old as the trade itself, and nothing is newer by one whose age nobody knows. */
  onTrade(trade: Trade, telling: Telling): void {
    const { instrumentId } = trade;
    const before = this.views.get(instrumentId);
    this.views.set(instrumentId, {
      feed: before?.feed ?? unknownFeed,
      bid: before?.bid ?? null,
      ask: before?.ask ?? null,
      last: trade.price,
      occurredAt: this.knownByTrade(trade, telling),
    });
    this.lastPrices.set(instrumentId, trade.price);
    this.watcher(instrumentId);
  }

  /** A feed that is live has been heard of, even when no price moved. */
  onStatus({ instrumentId, state, clockOffset, clockUncertainty }: FeedStatus, telling: Telling): void {
    if (typeof clockOffset === 'number') {
      this.clocks.set(instrumentId, {
        offset: clockOffset,
        uncertainty: clockUncertainty ?? 0,
        measuredAt: telling.recordedAt,
      });
    }
    const before = this.views.get(instrumentId);
    const { recordedAt } = telling;
    const heardOf = state === 'live' || before === undefined;
    // Of market-data, and so by our clock: that of the venue has no part in it.
    const occurredAt = heardOf ? knownUntil(before?.occurredAt, recordedAt, telling) : before.occurredAt;
    const { bid = null, ask = null, last = null } = before ?? {};
    this.views.set(instrumentId, { feed: state, bid, ask, last, occurredAt });
  }

  /** An event from the future is kept as such, so that the check can say it, until one comes that is not. */
  private knownUntil(id: InstrumentId, occurredAt: Timestamp, telling: Telling, told: Timestamp): Timestamp {
    const venueTime = this.ours(id, occurredAt);
    if (venueTime !== null && venueTime > telling.heardAt) return venueTime;
    return knownUntil(this.views.get(id)?.occurredAt, told, telling);
  }

  private knownByTrade({ instrumentId, occurredAt }: Trade, telling: Telling): Timestamp {
    const ours = this.ours(instrumentId, occurredAt);
    if (ours === null) return this.views.get(instrumentId)?.occurredAt ?? longAgo;
    return this.knownUntil(instrumentId, occurredAt, telling, ours);
  }

  /** Null while it is not known how far the clock of the venue is off. */
  private ours(id: InstrumentId, occurredAt: Timestamp): Timestamp | null {
    const clock = this.clocks.get(id);
    return clock === undefined ? null : Timestamp.plus(occurredAt, -clock.offset);
  }
}
