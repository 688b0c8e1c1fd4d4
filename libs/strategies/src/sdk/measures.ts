import { type Micros, type Timestamp } from '@scalpstorm/kernel';
import { Price, type Timeframe, type Trade } from '@scalpstorm/model';

// Prices of the market over time, as pure folds of its trades. Each costs a constant time a trade, however long it looks back.

/** What a strategy wants to know of the market besides the newest quote and trade. */
export interface MeasureWish {
  /** How far back the volume-weighted price looks; null: not wanted. */
  readonly vwapWindow: Micros | null;
  readonly atr: AtrWish | null;
  /** The model whose predictions it hears; none when absent. */
  readonly model?: string;
  /** Whether it goes by what its account holds of both assets; not when absent. */
  readonly funds?: boolean;
  /** The timeframe whose closed bars it hears; none when absent. */
  readonly bars?: Timeframe;
}

/** Closed bars of one timeframe that are kept for those who want them: as many as market-data keeps. */
export const barsKept = 500;

export interface AtrWish {
  /** How many candles are averaged. */
  readonly period: number;
  /** How long a candle is. */
  readonly interval: Micros;
}

export const noMeasures: MeasureWish = { vwapWindow: null, atr: null };

/** How finely a window slides: it forgets a twelfth at a time. */
const bucketsInWindow = 12;

interface Bucket {
  /** Counts spans of a twelfth of the window since the epoch. */
  readonly number: number;
  /** Σ price × quantity, 10^-24. */
  readonly value: bigint;
  /** Σ quantity, 10^-12. */
  readonly volume: bigint;
}

/** Volume-weighted average price over a sliding window. At most twelve buckets. */
export interface Vwap {
  readonly window: Micros;
  readonly buckets: readonly Bucket[];
}

export const emptyVwap = (window: Micros): Vwap => ({ window, buckets: [] });

export function vwapAfter({ window, buckets }: Vwap, { price, quantity, occurredAt }: Trade): Vwap {
  const number = bucketOf(window, occurredAt);
  const last = buckets.at(-1);
  // A trade that comes late counts as the newest: the order of arrival is the order of a fold.
  const current = Math.max(number, last?.number ?? number);
  const before = last?.number === current ? last : { value: 0n, volume: 0n };
  const grown = { number: current, value: before.value + price * quantity, volume: before.volume + quantity };
  const older = last?.number === current ? buckets.slice(0, -1) : buckets;
  return { window, buckets: [...older.filter(inWindow(current)), grown] };
}

/**
 * Σ price × quantity ÷ Σ quantity over the trades of the running twelfth of the window and the eleven before it; null when
 * there were none.
 */
export function vwapAt({ window, buckets }: Vwap, now: Timestamp): Price | null {
  let value = 0n;
  let volume = 0n;
  for (const bucket of buckets.filter(inWindow(bucketOf(window, now)))) {
    value += bucket.value;
    volume += bucket.volume;
  }
  return volume === 0n ? null : Price.fromUnits(value / volume);
}

const bucketOf = (window: Micros, at: Timestamp): number => Math.floor((at * bucketsInWindow) / window);
const inWindow = (current: number) => (bucket: Bucket) => bucket.number > current - bucketsInWindow;

/** Wilder's average true range over candles made of the trades. */
export interface Atr extends AtrWish {
  readonly candle: Candle | null;
  readonly previousClose: bigint | null;
  /** True ranges so far, at most `period`. */
  readonly ranges: number;
  /** Their sum until there are `period` of them, from then on the average; 10^-12. */
  readonly value: bigint;
}

interface Candle {
  /** Counts intervals since the epoch. */
  readonly number: number;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
}

export const emptyAtr = ({ period, interval }: AtrWish): Atr => ({
  period,
  interval,
  candle: null,
  previousClose: null,
  ranges: 0,
  value: 0n,
});

/** An interval without a trade makes no candle, so that a quiet hour does not look like a calm one. */
export function atrAfter(atr: Atr, { price, occurredAt }: Trade): Atr {
  const { candle, interval } = atr;
  const number = Math.floor(occurredAt / interval);
  if (candle !== null && number <= candle.number) {
    const high = price > candle.high ? price : candle.high;
    const low = price < candle.low ? price : candle.low;
    return { ...atr, candle: { ...candle, high, low, close: price } };
  }
  const closed = candle === null ? atr : withCandle(atr, candle);
  return { ...closed, candle: { number, high: price, low: price, close: price } };
}

/** Null until `period` candles with a true range have closed. */
export function atrValue({ ranges, period, value }: Atr): Price | null {
  return ranges < period ? null : Price.fromUnits(value);
}

/**
 * True range = max(high, previous close) − min(low, previous close). The first average is the mean of `period` of them;
 * then average = (average × (period − 1) + true range) ÷ period, rounded down.
 */
function withCandle(atr: Atr, { high, low, close }: Candle): Atr {
  const { previousClose, period, ranges, value } = atr;
  if (previousClose === null) return { ...atr, previousClose: close };
  const range = (high > previousClose ? high : previousClose) - (low < previousClose ? low : previousClose);
  const next = { ...atr, previousClose: close };
  if (ranges >= period) return { ...next, value: (value * BigInt(period - 1) + range) / BigInt(period) };
  const sum = value + range;
  return { ...next, ranges: ranges + 1, value: ranges + 1 === period ? sum / BigInt(period) : sum };
}
