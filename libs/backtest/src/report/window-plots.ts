import { type BarColumns, type Plot, type PlottedSeries, plotFault, plottedSeries } from '@scalpstorm/strategies';
import type { WindowPlace } from './candle-window.js';

/** Numbers with gaps; JSON has no NaN. */
export type Gappy = readonly (number | null)[];

/** One output of an indicator, one number a bar of the window. */
export interface WindowLine {
  readonly output: string;
  readonly values: Gappy;
}

/** What the strategy wants to be shown beside its trades, see `Plot`. */
export interface WindowPlot {
  readonly title: string;
  readonly pane: string;
  readonly kind: Plot['kind'];
  readonly lines: readonly WindowLine[];
}

export interface WindowPlots {
  readonly shown: readonly WindowPlot[];
  /** What is not, and why. */
  readonly leftOut: readonly string[];
}

export const noPlots: WindowPlots = { shown: [], leftOut: [] };

/** Panes that fit below each other, and lines in one of them that can still be told apart. */
export const panesMax = 4;
export const paneLinesMax = 6;

/**
 * The plots of a strategy over the bars of a window. Every bar before the window is their lead, so they are the numbers that the strategy
 * saw, of indicators that never forget, too. A plot is no part of a decision: one that cannot be drawn is named, and costs nothing else.
 */
export function windowPlots(plots: readonly Plot[], bars: BarColumns, place: WindowPlace): WindowPlots {
  const known = cut(bars, place.to);
  const lines = new Map<string, number>();
  const shown: WindowPlot[] = [];
  const leftOut: string[] = [];
  for (const plot of plots) {
    const { title, pane, kind, outputs } = plot;
    const drawn = lines.get(pane) ?? 0;
    const isFull = drawn + outputs.length > paneLinesMax || (drawn === 0 && lines.size >= panesMax);
    const fault = isFull ? 'there is no more room' : plotFault(plot);
    if (fault !== null) {
      leftOut.push(`${title}: ${fault}.`);
      continue;
    }
    const lineOf = ({ values }: PlottedSeries, at: number): WindowLine => ({
      output: outputs[at] ?? '',
      values: gappy(values.subarray(place.from)),
    });
    shown.push({ title, pane, kind, lines: plottedSeries([plot], known).map(lineOf) });
    lines.set(pane, drawn + outputs.length);
  }
  return { shown, leftOut };
}

/** What is no number is a gap. */
export const gappy = (values: Float64Array): Gappy =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null));

function cut(bars: BarColumns, length: number): BarColumns {
  const { openedAt, open, high, low, close, volume } = bars;
  const first = (column: Float64Array): Float64Array => column.subarray(0, length);
  return {
    length,
    openedAt: first(openedAt),
    open: first(open),
    high: first(high),
    low: first(low),
    close: first(close),
    volume: first(volume),
  };
}
