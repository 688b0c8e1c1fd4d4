import type { Bus } from '@scalpstorm/bus';
import { type Clock, type Micros, millisecond, second, Timestamp } from '@scalpstorm/kernel';
import type { BookDepth, Candle, FeedStatus, Instrument, Price, Quote, Timeframe } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import { type FeedListener, type FeedSubscription, type MarketFeed, type SequencedTrade } from '@scalpstorm/venue-api';
import { FeedCondition, type FeedLimits } from '../domain/feed-condition.js';
import type { Stream } from '../domain/freshness.js';
import { NewestWrites } from '../domain/newest-writes.js';
import { Pace } from '../domain/pace.js';
import { QuietWatch } from '../domain/quiet-watch.js';
import { TradeSequence } from '../domain/trade-sequence.js';
import type { Turns } from '../domain/turns.js';
import type { MarketMetrics } from '../market-metrics.js';
import type { MarketMemory } from '../ports/market-memory.js';
import { CandleKeeper } from './candle-keeper.js';
import { InstrumentTeller } from './instrument-teller.js';
import { TradeGaps } from './trade-gaps.js';

export interface FollowerSurroundings {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly memory: MarketMemory;
  readonly metrics: MarketMetrics;
  readonly log: Log;
  readonly limits: FeedLimits;
  /** For fetching candles, shared with the other instruments of the venue. */
  readonly turns: Turns;
}

const depthInterval: Micros = 100 * millisecond;
const rememberInterval: Micros = second;
/** A connection that is dead without a word is noticed after three pings of ten seconds: what was told meanwhile reached nobody. */
const unnoticed: Micros = 30 * second;
/** Trades may pause for longer than a feed may: so many times `staleAfter` of silence are asked about. */
const tradeSilenceFactor = 3;

/** Everything about one instrument, from the venue's events to ours. */
export class InstrumentFollower implements FeedListener {
  private readonly sequence = new TradeSequence();
  private readonly candles: CandleKeeper;
  private readonly teller: InstrumentTeller;
  private readonly depthPace = new Pace<BookDepth>(depthInterval);
  private readonly writes = new NewestWrites<'price'>();
  private readonly pricePace = new Pace<{ price: Price; occurredAt: Timestamp }>(rememberInterval);
  private readonly gaps: TradeGaps;
  private readonly tradeWatch: QuietWatch;
  private readonly bookWatch: QuietWatch;
  private readonly condition: FeedCondition;
  private subscription: FeedSubscription | null = null;
  private depth: BookDepth | null = null;
  /** Until when the bus seemed to be there, and how often it had come back by then. */
  private heardUntil: Timestamp;
  private busReconnects: number;
  /** Live, and nobody has asked for the candles before that yet: the clock of the venue was not known. */
  private backfillDue = false;
  private last: Price | null = null;

  constructor(
    private listed: Instrument,
    private readonly feed: MarketFeed,
    private readonly around: FollowerSurroundings,
  ) {
    const { bus, clock, memory, log, limits, turns } = around;
    this.teller = new InstrumentTeller(listed.id, around);
    this.heardUntil = clock.now();
    this.busReconnects = bus.reconnects;
    this.condition = new FeedCondition(listed.id, limits, this.heardUntil);
    this.tradeWatch = new QuietWatch(tradeSilenceFactor * limits.staleAfter);
    this.bookWatch = new QuietWatch(limits.staleAfter);
    this.gaps = new TradeGaps({
      instrumentId: listed.id,
      feed,
      log,
      late: (trades) => this.takeLate(trades),
      doubt: (since) => this.candles.doubt(since),
      asked: ({ from, to }) => this.sequence.giveUp(from, to),
      newest: () => this.sequence.newest,
      dead: (detail) => this.subscription?.restart(detail),
    });
    const publish = (candle: Candle): void => this.teller.candle(candle);
    this.candles = new CandleKeeper(listed, { feed, clock, memory, log, turns, publish });
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

  /** Those that are kept, oldest first. */
  closedCandles(timeframe: Timeframe): readonly Candle[] {
    return this.candles.history(timeframe);
  }

  get status(): FeedStatus {
    const { offset: clockOffset = null, roundTrip = 0 } = this.feed.clockOffset ?? {};
    return {
      ...this.condition.judge(this.around.clock.now()),
      clockOffset,
      clockUncertainty: Math.ceil(roundTrip / 2),
    };
  }

  /** The socket is down for so long that prices have to be asked for. */
  get wantsPolling(): boolean {
    return this.instrument.status === 'trading' && this.condition.wantsPolling(this.around.clock.now());
  }

  /** The venue's counter of the newest trade; null before the first. */
  get newestTrade(): number | null {
    return this.sequence.newest;
  }

  /** A quote that was asked for. When the socket is back meanwhile, that knows better. */
  polledQuote(quote: Quote): void {
    const at = this.ours(quote.occurredAt);
    if (at === null || !this.wantsPolling) return;
    const { clock } = this.around;
    const now = clock.now();
    this.condition.polled(at, now);
    this.around.metrics.heard('quote', quote.occurredAt, clock, this.feed.clockOffset);
    this.teller.polledQuote(quote);
    this.tell(now);
  }

  /** Trades that were asked for, oldest first; those that were heard before are left out. Where none was, the newest is the first. */
  polledTrades(trades: readonly SequencedTrade[]): void {
    if (this.newestTrade !== null) {
      for (const trade of trades) this.take(trade);
      return;
    }
    // As a tick an older one would say that the price is what it was.
    const first = trades.at(-1);
    if (first === undefined) return;
    this.take(first);
    this.candles.doubtBefore(first.trade.occurredAt);
  }

  onTrade(arrived: SequencedTrade): void {
    this.hear('trade', arrived.trade.occurredAt);
    this.take(arrived);
  }

  private take(arrived: SequencedTrade): void {
    const { metrics } = this.around;
    const { trade } = arrived;
    const verdict = this.sequence.judge({ sequence: arrived.sequence, occurredAt: trade.occurredAt });
    metrics.judged(verdict);
    if (verdict.kind === 'duplicate') return;
    this.candles.trade(trade);
    // A late one belongs to the candles; as a tick it would say that the price is what it was.
    if (verdict.kind === 'late') return;
    this.last = trade.price;
    this.teller.trade(trade);
    this.remember(this.pricePace.offer({ price: trade.price, occurredAt: trade.occurredAt }, this.around.clock.now()));
    if (verdict.kind === 'restarted') this.candles.doubt(verdict.since);
    if (verdict.kind === 'gap') void this.gaps.refill(verdict);
  }

  onQuote(quote: Quote): void {
    this.hear('quote', quote.occurredAt);
    this.teller.quote(quote);
  }

  onDepth(depth: BookDepth): void {
    this.hear('depth', depth.occurredAt);
    this.depth = depth;
    this.publishDepth(this.depthPace.offer(depth, this.around.clock.now()));
  }

  onStatus(status: FeedStatus): void {
    const now = this.around.clock.now();
    const { state } = status;
    const before = this.condition.told(status, now);
    if (state !== 'live') {
      this.tradeWatch.rest();
      this.bookWatch.rest();
    } else if (before !== 'live') {
      this.tradeWatch.heard(now);
      this.bookWatch.heard(now);
      this.backfillDue = true;
    }
    if (state === 'disconnected' && before !== 'disconnected') {
      this.around.metrics.lost(this.instrument.venue);
      this.candles.lost(this.venueTime(now) ?? now);
    }
    this.tell(now);
  }

  /** Called every few milliseconds; does what is due. */
  tick(): void {
    const now = this.around.clock.now();
    this.publishDepth(this.depthPace.due(now));
    this.remember(this.pricePace.due(now));
    this.keepCandles(this.venueTime(now));
    this.watchStreams(now);
    this.noticeOutage(now);
    this.tell(now);
  }

  /** Candles are closed by the venue's time: while nobody knows it they wait for the next trade. */
  private keepCandles(venueTime: Timestamp | null): void {
    if (venueTime === null) return;
    if (this.backfillDue)
      this.candles.backfill(venueTime, this.condition.heard.state === 'disconnected' ? 'lost' : 'stands');
    this.backfillDue = false;
    this.candles.tick(venueTime);
  }

  /** Each stream by itself: one may be dead while the others keep the connection busy. */
  private watchStreams(now: Timestamp): void {
    if (this.tradeWatch.due(now)) void this.gaps.probe();
    if (!this.condition.bookIsBehind(now)) this.bookWatch.heard(now);
    else if (this.bookWatch.due(now)) this.subscription?.restart('trades go on while the book stands still');
  }

  /** What was published while the bus was away reached nobody: the newest of everything is told again. */
  private noticeOutage(now: Timestamp): void {
    const { state, reconnects } = this.around.bus;
    if (state !== 'connected') return;
    if (reconnects !== this.busReconnects) {
      this.candles.retell(Timestamp.plus(this.heardUntil, -unnoticed));
      if (this.condition.heard.state === 'live') this.publishDepth(this.depth);
      this.teller.expectStatus();
    }
    this.busReconnects = reconnects;
    this.heardUntil = now;
  }

  private hear(channel: Stream, occurredAt: Timestamp): void {
    const { clock, metrics } = this.around;
    const now = clock.now();
    this.condition.hear({ stream: channel, occurredAt: this.ours(occurredAt) }, now);
    if (channel === 'trade') this.tradeWatch.heard(now);
    metrics.heard(channel, occurredAt, clock, this.feed.clockOffset);
  }

  private tell(now: Timestamp): void {
    this.teller.status(this.status, this.condition.heard, now);
  }

  private takeLate(arrived: readonly SequencedTrade[]): void {
    const late = arrived.filter(({ sequence, trade: { occurredAt } }) => {
      const verdict = this.sequence.judge({ sequence, occurredAt });
      if (verdict.kind === 'late') this.around.metrics.judged(verdict);
      return verdict.kind === 'late';
    });
    this.candles.trades(late.map(({ trade }) => trade));
  }

  private publishDepth(depth: BookDepth | null): void {
    if (depth !== null) this.teller.depth(depth);
  }

  private remember(last: { price: Price; occurredAt: Timestamp } | null): void {
    if (last === null) return;
    const { price, occurredAt } = last;
    this.writes.put('price', () => this.around.memory.keepLastPrice(this.instrument.id, price, occurredAt));
  }

  /** Null while it is not known how far the clock of the venue is off. */
  private venueTime(now: Timestamp): Timestamp | null {
    const offset = this.feed.clockOffset?.offset;
    return offset === undefined ? null : Timestamp.plus(now, offset);
  }

  /** A time of the venue by our clock; null like {@link venueTime}. */
  private ours(venueTime: Timestamp): Timestamp | null {
    const offset = this.feed.clockOffset?.offset;
    return offset === undefined ? null : Timestamp.plus(venueTime, -offset);
  }
}
