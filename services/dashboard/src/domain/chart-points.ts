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

/** What was bought, or sold, within one candle. */
export interface ChartTrade {
  /** When the candle begins; seconds since the epoch. */
  readonly time: number;
  readonly buys: boolean;
  /** Exact sum of the fills. */
  readonly quantity: string;
  readonly fills: number;
}

/** The fills of each candle and side, oldest first. */
export function tradesOf(fills: readonly Fill[], seconds: number): readonly ChartTrade[] {
  const groups = new Map<string, { time: number; buys: boolean; quantities: string[] }>();
  for (const { side, quantity, occurredAt } of fills) {
    const at = Math.floor(Date.parse(occurredAt) / 1000);
    const time = at - (at % seconds);
    const group = groups.get(`${time}/${side}`) ?? { time, buys: side === 'buy', quantities: [] };
    group.quantities.push(quantity);
    groups.set(`${time}/${side}`, group);
  }
  return [...groups.values()]
    .sort((left, right) => left.time - right.time)
    .map(({ time, buys, quantities }) => ({ time, buys, quantity: sum(quantities), fills: quantities.length }));
}

/**
 * Those of which all is known and which have a candle: where fills are missing, no mark is better than one that tells a part.
 * @param since fills at this time and before may be missing; ISO, or null where none is
 */
export function tradesShown(
  trades: readonly ChartTrade[],
  openings: readonly number[],
  since: string | null,
): readonly ChartTrade[] {
  const candles = new Set(openings);
  const knownAfter = since === null ? Number.NEGATIVE_INFINITY : Date.parse(since) / 1000;
  return trades.filter(({ time }) => time > knownAfter && candles.has(time));
}

export interface ChartMarker {
  readonly time: number;
  readonly buys: boolean;
  /** The quantity; empty where it would cover that of a neighbour. */
  readonly text: string;
}

/** How wide a digit of a mark is, and the room between two of them, in pixels. */
const digitPx = 7;
const roomPx = 12;

/**
 * A mark for each; the newest tell their quantity first, and older ones where there is room on the same side of the candles.
 * @param barPx from one candle to the next, in pixels
 */
export function markersOf(trades: readonly ChartTrade[], seconds: number, barPx: number): readonly ChartMarker[] {
  const free = { true: Number.POSITIVE_INFINITY, false: Number.POSITIVE_INFINITY };
  return trades
    .toReversed()
    .map(({ time, buys, quantity }) => {
      const half = ((quantity.length * digitPx + roomPx) / 2 / barPx) * seconds;
      const fits = time + half <= free[`${buys}`];
      if (fits) free[`${buys}`] = time - half;
      return { time, buys, text: fits ? quantity : '' };
    })
    .toReversed();
}
