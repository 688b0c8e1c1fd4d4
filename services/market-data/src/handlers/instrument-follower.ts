import { type Bus, newMeta } from '@scalpstorm/bus';
import { candleChanged, depthChanged, feedStatusChanged, quoteChanged, tradeTicked } from '@scalpstorm/contracts';
import { type Clock, type Micros, millisecond, second, Timestamp } from '@scalpstorm/kernel';
import type { BookDepth, Candle, FeedStatus, Instrument, Price, Quote } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import {
  type FeedListener,
  type MarketFeed,
  type SequencedTrade,
  VenueRefused,
  VenueUnreachable,
} from '@scalpstorm/venue-api';
import { type Heard, judgeFreshness } from '../domain/freshness.js';
import { Pace } from '../domain/pace.js';
import { TradeSequence } from '../domain/trade-sequence.js';
import type { MarketMetrics } from '../market-metrics.js';
import type { MarketMemory } from '../ports/market-memory.js';
import { CandleKeeper } from './candle-keeper.js';

export interface FollowerSurroundings {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly memory: MarketMemory;
  readonly metrics: MarketMetrics;
  readonly log: Log;
  readonly staleAfter: Micros;
}

const depthInterval: Micros = 100 * millisecond;
/** Also without a change, so that a listener that missed one is cured. */
const statusInterval: Micros = second;
const rememberInterval: Micros = second;
/** The venue gives no more in one answer. */
const refillMax = 1_000;

/** Everything about one instrument, from the venue's events to ours. */
export class InstrumentFollower implements FeedListener {
  private readonly sequence = new TradeSequence();
  private readonly candles: CandleKeeper;
  private readonly depthPace = new Pace<BookDepth>(depthInterval);
  private readonly pricePace = new Pace<{ price: Price; occurredAt: Timestamp }>(rememberInterval);
  private heard: Heard;
  private told: FeedStatus | null = null;
  private tellAt = Timestamp.fromMicros(0);
  private last: Price | null = null;
  private quote: Quote | null = null;

  constructor(
    readonly instrument: Instrument,
    private readonly feed: MarketFeed,
    private readonly around: FollowerSurroundings,
  ) {
    const { clock, memory, log } = around;
    this.heard = { state: 'disconnected', detail: 'not connected yet', lastEventAt: null, since: clock.now() };
    this.candles = new CandleKeeper(instrument, {
      feed,
      clock,
      memory,
      log,
      publish: (candle) => this.publish(candle),
    });
  }

  /** Null before the first trade. */
  get lastPrice(): Price | null {
    return this.last;
  }

  get status(): FeedStatus {
    return judgeFreshness(this.instrument.id, this.heard, this.around.clock.now(), this.around.staleAfter);
  }

  onTrade(arrived: SequencedTrade): void {
    const { metrics } = this.around;
    const { trade } = arrived;
    this.hear('trade', trade.occurredAt);
    const verdict = this.sequence.judge({ sequence: arrived.sequence, occurredAt: trade.occurredAt });
    metrics.judged(verdict);
    if (verdict.kind === 'duplicate') return;
    this.candles.trade(trade);
    // A late one belongs to the candles; as a tick it would say that the price is what it was.
    if (verdict.kind === 'late') return;
    this.last = trade.price;
    this.around.bus.publish(tradeTicked, { meta: this.metaAt(trade.occurredAt), trade });
    metrics.published('trade');
    this.remember(this.pricePace.offer({ price: trade.price, occurredAt: trade.occurredAt }, this.around.clock.now()));
    if (verdict.kind === 'restarted') this.candles.doubt();
    if (verdict.kind === 'gap') void this.refill(verdict.from, verdict.to);
  }

  onQuote(quote: Quote): void {
    this.hear('quote', quote.occurredAt);
    this.publishQuote(quote);
  }

  onDepth(depth: BookDepth): void {
    this.hear('depth', depth.occurredAt);
    this.publishDepth(this.depthPace.offer(depth, this.around.clock.now()));
  }

  onStatus(status: FeedStatus): void {
    const now = this.around.clock.now();
    const before = this.heard.state;
    const since = status.state === before ? this.heard.since : now;
    this.heard = { ...this.heard, state: status.state, detail: status.detail, since };
    if (status.state === 'disconnected' && before !== 'disconnected') {
      this.around.metrics.lost(this.instrument.venue);
      this.candles.doubt();
    }
    if (status.state === 'live' && before !== 'live') this.candles.backfill(this.venueTime(now));
    this.tell(now);
  }

  /** Called every few milliseconds; does what is due. */
  tick(): void {
    const now = this.around.clock.now();
    this.publishDepth(this.depthPace.due(now));
    this.remember(this.pricePace.due(now));
    this.candles.tick(this.venueTime(now));
    this.tell(now);
  }

  private hear(channel: 'trade' | 'quote' | 'depth', occurredAt: Timestamp): void {
    const { clock, metrics } = this.around;
    this.heard = { ...this.heard, lastEventAt: clock.now() };
    metrics.heard(channel, occurredAt, clock, this.feed.clockOffset);
  }

  private tell(now: Timestamp): void {
    const { bus, metrics, log } = this.around;
    const { status, told } = this;
    const changed = told?.state !== status.state;
    if (!changed && now < this.tellAt) return;
    this.tellAt = Timestamp.plus(now, statusInterval);
    this.told = status;
    metrics.status(this.instrument.id, status, now);
    bus.publish(feedStatusChanged, { meta: this.metaAt(now), status });
    // In a quiet market too: whoever came later, or missed one, must not wait for the next change.
    if (status.state === 'live' && this.quote !== null) this.publishQuote(this.quote);
    if (changed) log.info({ instrument: this.instrument.id, state: status.state, detail: status.detail }, 'feed');
  }

  private publishQuote(quote: Quote): void {
    this.quote = quote;
    this.around.bus.publish(quoteChanged, { meta: this.metaAt(quote.occurredAt), quote });
    this.around.metrics.published('quote');
  }

  /** Trades that the stream left out are asked for; what nobody has leaves the candles in doubt. */
  private async refill(from: number, to: number): Promise<void> {
    const { log } = this.around;
    const fields = { instrument: this.instrument.id, from, to };
    try {
      const count = to - from + 1;
      const found = count > refillMax ? [] : await this.feed.trades(this.instrument.id, from, count);
      for (const trade of found) if (trade.sequence !== null && trade.sequence <= to) this.takeLate(trade);
      if (found.length < count) this.candles.doubt();
      log.info({ ...fields, found: found.length }, 'a gap in the trades');
    } catch (error) {
      if (!(error instanceof VenueUnreachable || error instanceof VenueRefused)) throw error;
      this.candles.doubt();
      log.warn({ ...fields, error }, 'a gap in the trades could not be filled; the candles are mended when they close');
    }
    this.sequence.giveUp(from, to);
  }

  private takeLate(arrived: SequencedTrade): void {
    const verdict = this.sequence.judge({ sequence: arrived.sequence, occurredAt: arrived.trade.occurredAt });
    if (verdict.kind !== 'late') return;
    this.around.metrics.judged(verdict);
    this.candles.trade(arrived.trade);
  }

  private publish(candle: Candle): void {
    this.around.bus.publish(candleChanged, { meta: this.metaAt(this.around.clock.now()), candle });
    this.around.metrics.published('candle');
  }

  private publishDepth(depth: BookDepth | null): void {
    if (depth === null) return;
    this.around.bus.publish(depthChanged, { meta: this.metaAt(depth.occurredAt), depth });
    this.around.metrics.published('depth');
  }

  private remember(last: { price: Price; occurredAt: Timestamp } | null): void {
    if (last !== null) void this.around.memory.keepLastPrice(this.instrument.id, last.price, last.occurredAt);
  }

  private venueTime(now: Timestamp): Timestamp {
    return Timestamp.plus(now, this.feed.clockOffset?.offset ?? 0);
  }

  private metaAt(occurredAt: Timestamp) {
    return newMeta(this.around.clock, null, occurredAt);
  }
}
