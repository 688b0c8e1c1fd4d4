import { type Clock, type Micros, millisecond, second, Timestamp } from '@scalpstorm/kernel';
import {
  type Candle,
  type Instrument,
  type Timeframe,
  type Trade,
  timeframeLength,
  timeframes,
} from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import { type MarketFeed, VenueRefused } from '@scalpstorm/venue-api';
import { type CandleClosed, CandleSeries } from '../domain/candle-series.js';
import { NewestWrites } from '../domain/newest-writes.js';
import { openingOf } from '../domain/timeframe.js';
import type { Turns } from '../domain/turns.js';
import type { MarketMemory } from '../ports/market-memory.js';

export interface CandleSurroundings {
  readonly feed: MarketFeed;
  readonly clock: Clock;
  readonly memory: MarketMemory;
  readonly log: Log;
  readonly publish: (candle: Candle) => void;
  /** Of all instruments of the venue: how many may fetch candles at the same time. */
  readonly turns: Turns;
}

/** Closed candles that are kept, and that are asked for at the start. */
const historyMax = 500;
/** How many of them others find in the memory: all, but for those of a second, which are written every second. */
const rememberedMax = (timeframe: Timeframe): number => (timeframe === '1s' ? 200 : historyMax);
/** Of each timeframe, after an outage of the bus; who needs more asks the memory. */
const retoldMax = 60;
/** Trades of the old interval may still be under way. */
const closingGrace: Micros = 250 * millisecond;
const openCandleInterval: Micros = 250 * millisecond;
/** A candle that the venue had not settled yet is asked for again after so long. */
const settlingPause: Micros = second;
const repairPause: Micros = 5 * second;
/** A venue that was away for all must not be asked by all at once when it is back. */
const repairPauseJitter: Micros = 5 * second;

/** Candles that are wanted from the venue: those that opened at `from` up to `to`, both included. */
interface Wanted {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** All candles of one instrument: built from trades, closed by time, mended by the venue's own where there is a doubt. */
export class CandleKeeper {
  private readonly series: ReadonlyMap<Timeframe, CandleSeries>;
  private readonly wanted = new Map<Timeframe, Wanted>();
  private readonly refused = new Set<Timeframe>();
  /** When a closed candle, as it is now, was told last. */
  private readonly toldAt = new WeakMap<Candle, Timestamp>();
  /** A memory that answers slowly gets what is newest by then, not everything that has been meanwhile. */
  private readonly writes = new NewestWrites<Timeframe>();
  private repairing = false;
  /** By our clock; the other times here are the venue's, which may set its own back. */
  private repairAt = Timestamp.fromMicros(0);
  private venueTime = Timestamp.fromMicros(0);
  private flushAt = Timestamp.fromMicros(0);
  private newestTradeAt: Timestamp | null = null;
  /** From when on trades may be missing; null while the connection stands. */
  private holesSince: Timestamp | null = null;

  constructor(
    private readonly instrument: Instrument,
    private readonly around: CandleSurroundings,
  ) {
    this.series = new Map(
      timeframes.map((timeframe) => [timeframe, new CandleSeries(instrument.id, timeframe, historyMax)]),
    );
  }

  trade(trade: Trade): void {
    this.trades([trade]);
  }

  /** However many of them correct the same closed candle, it is told once. */
  trades(trades: readonly Trade[]): void {
    for (const { occurredAt } of trades)
      if (this.newestTradeAt === null || occurredAt > this.newestTradeAt) this.newestTradeAt = occurredAt;
    for (const [timeframe, series] of this.series)
      this.closed(timeframe, newestOf(trades.flatMap((trade) => series.trade(trade))));
  }

  /**
   * The connection is gone: what is built from here on has holes, and is closed by time all the same. It may have been dead for long
   * before that was noticed; the newest trade is the last proof of its life.
   */
  lost(venueTime: Timestamp): void {
    this.holesSince ??= Timestamp.fromMicros(Math.min(venueTime, this.newestTradeAt ?? venueTime));
    for (const series of this.series.values()) series.doubt();
  }

  /** Trades since then are missing: what is being built has a hole, and so may have what was closed meanwhile. */
  doubt(since: Timestamp): void {
    for (const [timeframe, series] of this.series) {
      series.doubt();
      const from = openingOf(since, timeframe);
      const to = series.history().at(-1)?.openedAt;
      if (to !== undefined && from <= to) this.want(timeframe, { from, to });
    }
  }

  /**
   * A line that is down is asked around for the first time: what was traded before that, since the line was lost, only the venue's own
   * candles have.
   */
  doubtBefore(firstAsked: Timestamp): void {
    this.doubt(Timestamp.fromMicros(Math.min(firstAsked, this.holesSince ?? firstAsked)));
  }

  /**
   * Asks the venue for what we do not have: at the start the history, later everything since the connection was lost. When that is lost
   * again already, the holes go on, and are asked for once more when it is back.
   */
  backfill(venueTime: Timestamp, line: 'stands' | 'lost'): void {
    for (const [timeframe, series] of this.series) {
      const first = Math.max(0, venueTime - historyMax * timeframeLength[timeframe]);
      const last = series.history().at(-1)?.openedAt ?? Timestamp.fromMicros(first);
      const hole = this.holesSince === null ? last : openingOf(this.holesSince, timeframe);
      this.want(timeframe, { from: Timestamp.fromMicros(Math.max(first, Math.min(last, hole))), to: last });
      // The line came back somewhere in the middle of it.
      series.doubt();
    }
    if (line === 'stands') this.holesSince = null;
  }

  /** Closed ones that are kept, oldest first. */
  history(timeframe: Timeframe): readonly Candle[] {
    return this.series.get(timeframe)?.history() ?? [];
  }

  /**
   * Tells the closed candles again that were told since then, by our clock. What counts is when they were told: one is closed some time
   * after its end, and mended much later.
   */
  retell(since: Timestamp): void {
    for (const series of this.series.values()) {
      const unheard = series
        .history()
        .filter((candle) => (this.toldAt.get(candle) ?? Number.NEGATIVE_INFINITY) >= since);
      for (const candle of unheard.slice(-retoldMax)) this.tellClosed(candle);
    }
  }

  /** Called often; does what is due at this time. */
  tick(venueTime: Timestamp): void {
    this.venueTime = venueTime;
    const settled = Timestamp.plus(venueTime, -closingGrace);
    for (const [timeframe, series] of this.series) this.closed(timeframe, series.advance(settled));
    if (venueTime >= this.flushAt) {
      this.flushAt = Timestamp.plus(venueTime, openCandleInterval);
      for (const series of this.series.values()) {
        const candle = series.takeChanged();
        if (candle !== null) this.around.publish(candle);
      }
    }
    const isDue = this.wanted.size > 0 && !this.repairing && this.around.clock.now() >= this.repairAt;
    if (isDue && this.around.turns.take()) void this.repair();
  }

  private closed(timeframe: Timeframe, changes: readonly CandleClosed[], toldSince = Timestamp.fromMicros(0)): void {
    for (const { candle, doubtful, isNews } of changes) {
      if (isNews && candle.openedAt >= toldSince) this.tellClosed(candle);
      if (doubtful) this.want(timeframe, { from: candle.openedAt, to: candle.openedAt });
    }
    if (changes.some(({ isNews }) => isNews)) this.remember(timeframe);
  }

  private tellClosed(candle: Candle): void {
    this.toldAt.set(candle, this.around.clock.now());
    this.around.publish(candle);
  }

  private want(timeframe: Timeframe, { from, to }: Wanted): void {
    if (this.refused.has(timeframe)) return;
    const standing = this.wanted.get(timeframe) ?? { from, to };
    this.wanted.set(timeframe, {
      from: Timestamp.fromMicros(Math.min(from, standing.from)),
      to: Timestamp.fromMicros(Math.max(to, standing.to)),
    });
  }

  private async repair(): Promise<void> {
    this.repairing = true;
    try {
      for (const timeframe of [...this.wanted.keys()]) {
        // Read only now: while another timeframe was asked for, more of this one may have come into doubt.
        const wanted = this.wanted.get(timeframe);
        this.wanted.delete(timeframe);
        if (wanted !== undefined) await this.adopt(timeframe, wanted);
      }
    } finally {
      this.repairing = false;
      this.around.turns.giveBack();
    }
  }

  private async adopt(timeframe: Timeframe, wanted: Wanted): Promise<void> {
    const { feed, log, clock } = this.around;
    const fields = { instrument: this.instrument.id, timeframe };
    // What we forgot meanwhile would take the place of newer ones in the answer.
    const oldest = openingOf(Timestamp.plus(this.venueTime, -historyMax * timeframeLength[timeframe]), timeframe);
    const from = Timestamp.fromMicros(Math.max(wanted.from, oldest));
    try {
      const candles = await feed.candles(this.instrument.id, timeframe, from, historyMax + 1);
      const series = this.series.get(timeframe);
      const oldestKnown = series?.history()[0]?.openedAt;
      const news = series?.adopt(candles) ?? [];
      // What was before all that we knew is for the memory; the others correct what somebody may have seen differently.
      this.closed(timeframe, news, oldestKnown ?? news.at(-1)?.candle.openedAt);
      const newest = candles.at(-1);
      if (newest === undefined || newest.closed || newest.openedAt > wanted.to) return;
      this.want(timeframe, { from: newest.openedAt, to: wanted.to });
      this.repairAt = Timestamp.plus(clock.now(), settlingPause);
    } catch (error) {
      if (error instanceof VenueRefused) {
        this.refused.add(timeframe);
        log.warn({ ...fields, error }, 'the venue has no candles of this timeframe; ours begin with its next trade');
        return;
      }
      this.want(timeframe, wanted);
      this.repairAt = Timestamp.plus(clock.now(), repairPause + Math.floor(Math.random() * repairPauseJitter));
      log.warn({ ...fields, error }, 'candles could not be fetched; asked again soon');
    }
  }

  private remember(timeframe: Timeframe): void {
    this.writes.put(timeframe, () => {
      const candles = this.series.get(timeframe)?.history().slice(-rememberedMax(timeframe)) ?? [];
      return this.around.memory.keepCandles(this.instrument.id, timeframe, candles);
    });
  }
}

/** Of each candle what was said last, and all that was said before it about doubt and news. */
function newestOf(changes: readonly CandleClosed[]): readonly CandleClosed[] {
  const byOpening = new Map<Timestamp, CandleClosed>();
  for (const change of changes) {
    const before = byOpening.get(change.candle.openedAt);
    byOpening.set(change.candle.openedAt, {
      candle: change.candle,
      doubtful: change.doubtful || before?.doubtful === true,
      isNews: change.isNews || before?.isNews === true,
    });
  }
  return [...byOpening.values()];
}
