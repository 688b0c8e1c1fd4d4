import { type Bus, newMeta } from '@scalpstorm/bus';
import { candleChanged, depthChanged, feedStatusChanged, quoteChanged, tradeTicked } from '@scalpstorm/contracts';
import { type Clock, type Micros, millisecond, second, Timestamp } from '@scalpstorm/kernel';
import type { BookDepth, Candle, FeedStatus, Instrument, Price, Quote } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import { type FeedListener, type FeedSubscription, type MarketFeed, type SequencedTrade } from '@scalpstorm/venue-api';
import { bookBehindTrades, type Heard, hearing, judgeFreshness, type Stream } from '../domain/freshness.js';
import { Pace } from '../domain/pace.js';
import { QuietWatch } from '../domain/quiet-watch.js';
import { TradeSequence } from '../domain/trade-sequence.js';
import type { Turns } from '../domain/turns.js';
import type { MarketMetrics } from '../market-metrics.js';
import type { MarketMemory } from '../ports/market-memory.js';
import { CandleKeeper } from './candle-keeper.js';
import { TradeGaps } from './trade-gaps.js';

export interface FollowerSurroundings {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly memory: MarketMemory;
  readonly metrics: MarketMetrics;
  readonly log: Log;
  readonly staleAfter: Micros;
  /** For fetching candles, shared with the other instruments of the venue. */
  readonly turns: Turns;
}

const depthInterval: Micros = 100 * millisecond;
/** Also without a change, so that a listener that missed one is cured. */
const statusInterval: Micros = second;
const rememberInterval: Micros = second;
/** Trades may pause for longer than a feed may: so many times `staleAfter` of silence are asked about. */
const tradeSilenceFactor = 3;

/** Everything about one instrument, from the venue's events to ours. */
export class InstrumentFollower implements FeedListener {
  private readonly sequence = new TradeSequence();
  private readonly candles: CandleKeeper;
  private readonly depthPace = new Pace<BookDepth>(depthInterval);
  private readonly pricePace = new Pace<{ price: Price; occurredAt: Timestamp }>(rememberInterval);
  private readonly gaps: TradeGaps;
  private readonly tradeWatch: QuietWatch;
  private readonly bookWatch: QuietWatch;
  private subscription: FeedSubscription | null = null;
  private depth: BookDepth | null = null;
  /** Until when what we publish reached the bus, and whether it was away since. */
  private heardUntil: Timestamp;
  private busAway = false;
  private heard: Heard;
  private told: FeedStatus | null = null;
  private tellAt = Timestamp.fromMicros(0);
  private last: Price | null = null;
  private quote: Quote | null = null;

  constructor(
    private listed: Instrument,
    private readonly feed: MarketFeed,
    private readonly around: FollowerSurroundings,
  ) {
    const instrument = listed;
    const { clock, memory, log, staleAfter, turns } = around;
    const since = clock.now();
    const detail = 'not connected yet';
    this.heard = {
      state: 'disconnected',
      detail,
      lastEventAt: null,
      byStream: {},
      tradesAloneSince: null,
      since,
      lag: 0,
    };
    this.heardUntil = since;
    this.tradeWatch = new QuietWatch(tradeSilenceFactor * staleAfter);
    this.bookWatch = new QuietWatch(staleAfter);
    this.gaps = new TradeGaps({
      instrumentId: instrument.id,
      feed,
      log,
      late: (trade) => this.takeLate(trade),
      doubt: () => this.candles.doubt(),
      newest: () => this.sequence.newest,
      dead: (detail) => this.subscription?.restart(detail),
    });
    this.candles = new CandleKeeper(instrument, {
      feed,
      clock,
      memory,
      log,
      turns,
      publish: (candle) => this.publish(candle),
    });
  }

  /** As the venue lists it now. */
  get instrument(): Instrument {
    return this.listed;
  }

  /** The venue changed its filters, or halted it. */
  relist(instrument: Instrument): void {
    this.listed = instrument;
  }

  subscribed(subscription: FeedSubscription): void {
    this.subscription = subscription;
  }

  /** Null before the first trade. */
  get lastPrice(): Price | null {
    return this.last;
  }

  get status(): FeedStatus {
    const told = judgeFreshness(this.instrument.id, this.heard, this.around.clock.now(), this.around.staleAfter);
    return { ...told, clockOffset: this.feed.clockOffset?.offset ?? null };
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
    this.depth = depth;
    this.publishDepth(this.depthPace.offer(depth, this.around.clock.now()));
  }

  onStatus(status: FeedStatus): void {
    const now = this.around.clock.now();
    const before = this.heard.state;
    const since = status.state === before ? this.heard.since : now;
    const tradesAloneSince = status.state === 'live' ? this.heard.tradesAloneSince : null;
    this.heard = { ...this.heard, state: status.state, detail: status.detail, tradesAloneSince, since };
    if (status.state !== 'live') {
      this.tradeWatch.rest();
      this.bookWatch.rest();
    } else if (before !== 'live') {
      this.tradeWatch.heard(now);
      this.bookWatch.heard(now);
    }
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
    this.watchStreams(now);
    this.noticeOutage(now);
    this.tell(now);
  }

  /** Each stream by itself: one may be dead while the others keep the connection busy. */
  private watchStreams(now: Timestamp): void {
    if (this.tradeWatch.due(now)) void this.gaps.probe();
    if (bookBehindTrades(this.heard, now) <= this.around.staleAfter) this.bookWatch.heard(now);
    else if (this.bookWatch.due(now)) this.subscription?.restart('trades go on while the book stands still');
  }

  /** What was published while the bus was away reached nobody: the newest of everything is told again. */
  private noticeOutage(now: Timestamp): void {
    if (this.around.bus.state !== 'connected') {
      this.busAway = true;
      return;
    }
    if (this.busAway) {
      this.candles.retell(this.venueTime(this.heardUntil));
      if (this.heard.state === 'live') this.publishDepth(this.depth);
      this.tellAt = now;
    }
    this.busAway = false;
    this.heardUntil = now;
  }

  private hear(channel: Stream, occurredAt: Timestamp): void {
    const { clock, metrics } = this.around;
    const now = clock.now();
    const ours = Timestamp.plus(occurredAt, -(this.feed.clockOffset?.offset ?? 0));
    this.heard = hearing(this.heard, channel, ours, now);
    if (channel === 'trade') this.tradeWatch.heard(now);
    metrics.heard(channel, occurredAt, clock, this.feed.clockOffset);
  }

  private tell(now: Timestamp): void {
    const { bus, metrics, log } = this.around;
    const { status, told } = this;
    const changed = told?.state !== status.state;
    if (!changed && now < this.tellAt) return;
    this.tellAt = Timestamp.plus(now, statusInterval);
    this.told = status;
    metrics.status(status, this.heard.byStream, now);
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

  private async refill(from: number, to: number): Promise<void> {
    await this.gaps.refill(from, to);
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
