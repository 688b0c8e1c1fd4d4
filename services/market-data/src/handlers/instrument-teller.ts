import { type Bus, newMeta } from '@scalpstorm/bus';
import { candleChanged, depthChanged, feedStatusChanged, quoteChanged, tradeTicked } from '@scalpstorm/contracts';
import { type Clock, type Micros, second, Timestamp } from '@scalpstorm/kernel';
import type { BookDepth, Candle, FeedStatus, InstrumentId, Quote, Trade } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import type { Heard } from '../domain/freshness.js';
import type { MarketMetrics } from '../market-metrics.js';

export interface TellerParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly metrics: MarketMetrics;
  readonly log: Log;
}

/** Also without a change, so that a listener that missed one is cured. */
const statusInterval: Micros = second;

/** What the bus hears of one instrument. Of its quote and its status the newest is kept, and told again. */
export class InstrumentTeller {
  private newest: Quote | null = null;
  private told: FeedStatus | null = null;
  private statusDueAt = Timestamp.fromMicros(0);

  constructor(
    private readonly instrumentId: InstrumentId,
    private readonly parts: TellerParts,
  ) {}

  trade(trade: Trade): void {
    this.parts.bus.publish(tradeTicked, { meta: this.metaAt(trade.occurredAt), trade });
    this.parts.metrics.published('trade');
  }

  quote(quote: Quote): void {
    this.newest = quote;
    this.parts.bus.publish(quoteChanged, { meta: this.metaAt(quote.occurredAt), quote });
    this.parts.metrics.published('quote');
  }

  /** One that was asked for. */
  polledQuote(polled: Quote): void {
    // The venue does not count these; what is told only grows.
    const quote = { ...polled, sequence: Math.max(polled.sequence, this.newest?.sequence ?? 0) };
    // Whoever hears a price of a feed that is not live forgets it: a status that changes to live brings the quote along.
    if (this.told?.state === 'live') this.quote(quote);
    else this.newest = quote;
  }

  depth(depth: BookDepth): void {
    this.parts.bus.publish(depthChanged, { meta: this.metaAt(depth.occurredAt), depth });
    this.parts.metrics.published('depth');
  }

  candle(candle: Candle): void {
    this.parts.bus.publish(candleChanged, { meta: this.metaAt(this.parts.clock.now()), candle });
    this.parts.metrics.published('candle');
  }

  /** The next status is told whether it has changed or not. */
  expectStatus(): void {
    this.statusDueAt = Timestamp.fromMicros(0);
  }

  /** What is heard on the socket is only measured. */
  status(status: FeedStatus, heard: Heard, now: Timestamp): void {
    const { bus, metrics, log } = this.parts;
    const changed = this.told?.state !== status.state;
    if (!changed && now < this.statusDueAt) return;
    this.statusDueAt = Timestamp.plus(now, statusInterval);
    this.told = status;
    metrics.status(status, heard, now);
    bus.publish(feedStatusChanged, { meta: this.metaAt(now), status });
    // In a quiet market too: whoever came later, or missed one, must not wait for the next change.
    if (status.state === 'live' && this.newest !== null) this.quote(this.newest);
    if (changed) log.info({ instrument: this.instrumentId, state: status.state, detail: status.detail }, 'feed');
  }

  private metaAt(occurredAt: Timestamp) {
    return newMeta(this.parts.clock, null, occurredAt);
  }
}
