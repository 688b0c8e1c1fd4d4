import { sum } from './decimal.js';
import type { CandleRow, Fill } from './rows.js';

export interface ChartPoint {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Oldest first, one a time; seconds since the epoch. */
export function pointsOf(candles: readonly CandleRow[]): readonly ChartPoint[] {
  const points = candles.map(({ openedAt, open, high, low, close }) => ({
    time: Math.floor(Date.parse(openedAt) / 1000),
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
  }));
  return points
    .sort((left, right) => left.time - right.time)
    .filter(({ time }, index) => points[index + 1]?.time !== time);
}

export interface ChartMarker {
  readonly time: number;
  readonly buys: boolean;
  readonly text: string;
}

/** More marks than this have no words: they would cover one another and the candles. */
const wordedMax = 12;

/** One mark a candle and side, with the quantity of all fills in it; fills outside of the candles have none. */
export function markersOf(
  fills: readonly Fill[],
  openings: readonly number[],
  seconds: number,
): readonly ChartMarker[] {
  const known = new Set(openings);
  const groups = new Map<string, { time: number; buys: boolean; quantities: string[] }>();
  for (const { side, quantity, occurredAt } of fills) {
    const at = Math.floor(Date.parse(occurredAt) / 1000);
    const time = at - (at % seconds);
    if (!known.has(time)) continue;
    const buys = side === 'buy';
    const group = groups.get(`${time}/${side}`) ?? { time, buys, quantities: [] };
    group.quantities.push(quantity);
    groups.set(`${time}/${side}`, group);
  }
  return [...groups.values()]
    .sort((left, right) => left.time - right.time)
    .map(({ time, buys, quantities }, _, { length }) => ({
      time,
      buys,
      text: length > wordedMax ? '' : sum(quantities),
    }));
}
