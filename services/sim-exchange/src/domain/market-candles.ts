import {
  type CandleRange,
  CandleSeries,
  type CandleTrade,
  type Interval,
  intervalNames,
  intervals,
  joinCandles,
  secondsKept,
  type VenueCandle,
} from './candle-series.js';

/** The time before anybody could trade. It is told anew whenever it is asked for, and always the same. */
export interface CandlePast {
  /** Candles of whole seconds in [from, to), oldest first; milliseconds. The first and the last may be parts of `length`. */
  candles(length: number, from: number, to: number): VenueCandle[];
}

/** What a life of the market begins with; both lists end at the same moment, and trades go on from there. */
export interface CandlesBefore {
  readonly seconds: readonly VenueCandle[];
  readonly minutes: readonly VenueCandle[];
  /** Goes on backwards from the first of {@link minutes}; null where nothing was before. */
  readonly past: CandlePast | null;
  /** The last of the candles that are written down already, by interval; -1 for none. Later ones are written. */
  readonly written: Readonly<Record<WrittenInterval, number>>;
}

/** What longer candles follow from is written down, and the longer are not. */
export const writtenIntervals = ['1s', '1m'] as const;
export type WrittenInterval = (typeof writtenIntervals)[number];

const { '1h': hourMs, '1d': dayMs } = intervals;
/** Of the longer candles only the open one is built from trades, and the last are kept for their streams. */
const longerKept = 20;
const minutesKeptMin = 2_000;

/**
 * The candles of one market in all intervals: seconds for {@link secondsKept} of them, minutes for some days, and longer ones out of
 * the minutes. Older minutes than those that are kept come out of the market's past, as far back as `days` before today.
 */
export class MarketCandles {
  private readonly all: ReadonlyMap<Interval, CandleSeries>;
  private past: CandlePast | null = null;
  private readonly written: Record<WrittenInterval, number> = { '1s': -1, '1m': -1 };

  constructor(private readonly days = 0) {
    // One day more: the oldest is told whole.
    const minutesKept = Math.max(minutesKeptMin, ((days + 1) * dayMs) / intervals['1m']);
    const kept: Partial<Record<Interval, number>> = { '1s': secondsKept, '1m': minutesKept };
    this.all = new Map(intervalNames.map((name) => [name, new CandleSeries(name, kept[name] ?? longerKept)]));
  }

  series(interval: Interval): CandleSeries {
    return this.all.get(interval) as CandleSeries;
  }

  /** Before the first trade of this life. */
  open({ seconds, minutes, past, written }: CandlesBefore): void {
    this.past = past;
    this.series('1s').load(seconds);
    this.series('1m').load(minutes);
    Object.assign(this.written, written);
    const last = minutes.at(-1);
    if (last === undefined) return;
    for (const [interval, series] of this.all) {
      if (intervals[interval] <= intervals['1m']) continue;
      series.load(this.select(interval, { from: last.openTime - (last.openTime % series.length), limit: 1 }));
    }
  }

  add(trade: CandleTrade): void {
    for (const series of this.all.values()) series.add(trade);
  }

  /** Opens flat candles up to `now`. True when one of a second was closed by it. */
  roll(now: number): boolean {
    const { length } = this.series('1s').roll(now);
    for (const series of this.all.values()) series.roll(now);
    return length > 0;
  }

  /** As {@link CandleSeries.select}, and back into the past for those of a minute and longer. */
  select(interval: Interval, range: CandleRange): readonly VenueCandle[] {
    const minutes = this.series('1m');
    const [first, current] = [minutes.first, minutes.current];
    if (interval === '1s' || first === null || current === null) return this.series(interval).select(range);
    const length = intervals[interval];
    const oldest = this.past === null ? first.openTime : this.oldest;
    const to = Math.min(range.to ?? current.openTime, current.openTime);
    const newest = to - (to % length);
    const from =
      range.from === undefined
        ? Math.max(oldest - (oldest % length), newest - (range.limit - 1) * length)
        : Math.max(oldest, Math.ceil(range.from / length) * length);
    // Sums of what is quoted are whole for an hour and rounded for a day: added up in the same steps they are always the same.
    const part = Math.min(length, hourMs);
    // The past has every candle: after so many of them none is wanted any more. What was traded may have gaps.
    const pastTo = Math.min(first.openTime, newest + length, from + range.limit * length);
    const before = this.past?.candles(part, from, pastTo) ?? [];
    const wanted = (range.limit * length) / minutes.length;
    const after = minutes.select({ from, to: newest + length - 1, limit: wanted });
    const parts = joinCandles([...before, ...after], part);
    return (part === length ? parts : joinCandles(parts, length)).slice(0, range.limit);
  }

  /** Those of an interval that were not given by an earlier call, and the open one as it is now. */
  takeUnwritten(interval: WrittenInterval): readonly VenueCandle[] {
    const series = this.series(interval);
    const candles = series.select({ from: this.written[interval] + 1, limit: Number.MAX_SAFE_INTEGER });
    // The open one goes on: it is given again.
    if (series.current !== null) this.written[interval] = series.current.openTime - 1;
    return candles;
  }

  /** Candles that open before need not stay written. */
  oldestWritten(interval: WrittenInterval): number {
    const { current, length } = this.series(interval);
    return interval === '1m' ? this.oldest : (current?.openTime ?? 0) - secondsKept * length;
  }

  /** What opens before is told no more; whole days, so that no candle of any length is cut. */
  get oldest(): number {
    const now = this.series('1m').current?.openTime ?? 0;
    return Math.max(0, now - (now % dayMs) - this.days * dayMs);
  }
}
