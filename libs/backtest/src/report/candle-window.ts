import type { BarColumns } from '@scalpstorm/strategies';
import { chartBarsAfter, chartBarsMax } from '../lane/market-chart.js';
import type { ReportTrade } from './run-record.js';

/** Bars next to each other, for the chart with the newest trades on it. */
export interface CandleWindow {
  readonly openedAtMs: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
}

/** Which bars: from this one to the one before that. */
export interface WindowPlace {
  readonly from: number;
  readonly to: number;
}

/** The bars around the newest trade that is over; the last ones of all where there was none. */
export function windowPlace(bars: BarColumns, trades: readonly ReportTrade[]): WindowPlace {
  const newest = trades.at(-1);
  const exitAt = newest === undefined ? bars.length - 1 : placeOf(bars.openedAt, Date.parse(newest.closedAt) * 1_000);
  const to = Math.min(bars.length, exitAt + chartBarsAfter + 1);
  return { from: Math.max(0, to - chartBarsMax), to };
}

export function windowOf(bars: BarColumns, { from, to }: WindowPlace): CandleWindow {
  const pick = (column: Float64Array): readonly number[] => Array.from(column.subarray(from, to));
  return {
    openedAtMs: pick(bars.openedAt).map((micros) => micros / 1_000),
    open: pick(bars.open),
    high: pick(bars.high),
    low: pick(bars.low),
    close: pick(bars.close),
  };
}

/** Of the last one at or before this time, by halving. */
function placeOf(openedAt: Float64Array, micros: number): number {
  let low = 0;
  let high = openedAt.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((openedAt[middle] as number) <= micros) low = middle;
    else high = middle - 1;
  }
  return low;
}
