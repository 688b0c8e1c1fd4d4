import type { BarColumns } from './bar.js';

/** An indicator over whole columns, as a kernel asks for it. */
interface ColumnIndicator<Given, Series> {
  readonly id: string;
  batch(bars: BarColumns, given: Given): Series;
}

/** Gives a kernel the series of an indicator over its bars. They may be another's, too: they are read, never written. */
export type SeriesOf = <Given, Series>(indicator: ColumnIndicator<Given, Series>, given: Given) => Series;

/** Computes a series each time that it is asked for. */
export const freshSeries =
  (bars: BarColumns): SeriesOf =>
  (indicator, given) =>
    indicator.batch(bars, given);

/**
 * Computes a series once and keeps it for the next who asks: combinations of a sweep have most of theirs in common.
 * @param bytesMax the series that was not asked for the longest makes way
 */
export function rememberedSeries(bars: BarColumns, bytesMax: number): SeriesOf {
  const known = new Map<string, object>();
  let bytes = 0;
  const sizeOf = (series: object) => Object.keys(series).length * bars.length * Float64Array.BYTES_PER_ELEMENT;
  return <Given, Series>(indicator: ColumnIndicator<Given, Series>, given: Given): Series => {
    const key = `${indicator.id} ${JSON.stringify(given)}`;
    const series = (known.get(key) ?? indicator.batch(bars, given)) as Series & object;
    if (!known.delete(key)) bytes += sizeOf(series);
    known.set(key, series);
    for (const [oldest, one] of known) {
      if (bytes <= bytesMax || oldest === key) break;
      known.delete(oldest);
      bytes -= sizeOf(one);
    }
    return series;
  };
}
