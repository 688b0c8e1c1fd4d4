import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { Price } from '@scalpstorm/model';

/** Lowest and highest price of a tenth of the window. */
interface Bucket {
  readonly begin: Timestamp;
  readonly low: Price;
  readonly high: Price;
}

/** The prices of the last seconds, as far as their extremes go: at most eleven buckets, however many prices come. */
export type PriceWindow = readonly Bucket[];

const bucketCount = 10;

/** Gives the same window back when the price changes nothing in it. A price that is older than the newest counts as one of that time. */
export function withPrice(window: PriceWindow, price: Price, at: Timestamp, span: Micros): PriceWindow {
  const width = Math.max(1, Math.ceil(span / bucketCount));
  const last = window.at(-1);
  if (last !== undefined && at < last.begin + width) {
    if (price >= last.low && price <= last.high) return window;
    const low = price < last.low ? price : last.low;
    const high = price > last.high ? price : last.high;
    return [...window.slice(0, -1), { begin: last.begin, low, high }];
  }
  const kept = window.filter(({ begin }) => begin + width > at - span);
  return [...kept, { begin: at, low: price, high: price }];
}

/** Between the lowest and the highest of them, in basis points of the lowest, rounded down; 0: none has a price yet. */
export function moveBps(window: PriceWindow): number {
  const [first] = window;
  if (first === undefined) return 0;
  let { low, high } = first;
  for (const bucket of window) {
    if (bucket.low < low) low = bucket.low;
    if (bucket.high > high) high = bucket.high;
  }
  return low <= 0n ? 0 : Number(((high - low) * 10_000n) / low);
}
