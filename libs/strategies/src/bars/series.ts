import type { BarColumns } from './bar.js';

type Columns = Readonly<Record<string, Float64Array>>;

/** An indicator over whole columns, as a kernel asks for it. */
interface ColumnIndicator<Given, Series> {
  readonly id: string;
  /** By the names of its columns; who does not say them makes columns of its own. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** @param into columns to write into; new ones are made otherwise */
  batch(bars: BarColumns, given: Given, into?: Series): Series;
}

/** Gives a kernel the series of an indicator over its bars. They may be another's, too: they are read, never written. */
export type SeriesOf = <Given, Series>(indicator: ColumnIndicator<Given, Series>, given: Given) => Series;

/** Computes a series each time that it is asked for. */
export const freshSeries =
  (bars: BarColumns): SeriesOf =>
  (indicator, given) =>
    indicator.batch(bars, given);

/** A series in memory that threads share, and what it is known by. */
export interface SharedSeries {
  readonly key: string;
  readonly columns: Columns;
}

/** Between those who run over the same bars. */
export interface SeriesExchange {
  /** One that somebody else has computed, each once; null: there is no more for now. */
  next(): SharedSeries | null;
  tell(series: SharedSeries): void;
}

/**
 * Computes a series once and keeps it for the next who asks: combinations of a sweep have most of theirs in common.
 * @param bytesMax the series that was not asked for the longest makes way
 * @param exchange what is computed lies in shared memory, and others are told; two who want the same at once both compute it
 */
export function rememberedSeries(bars: BarColumns, bytesMax: number, exchange?: SeriesExchange): SeriesOf {
  const known = new Map<string, Columns>();
  let bytes = 0;
  const sizeOf = (columns: Columns) => Object.keys(columns).length * bars.length * Float64Array.BYTES_PER_ELEMENT;
  const keep = (key: string, columns: Columns) => {
    if (!known.delete(key)) bytes += sizeOf(columns);
    known.set(key, columns);
    for (const [oldest, one] of known) {
      if (bytes <= bytesMax || oldest === key) break;
      known.delete(oldest);
      bytes -= sizeOf(one);
    }
  };
  const listen = () => {
    for (let one = exchange?.next() ?? null; one !== null; one = exchange?.next() ?? null)
      if (!known.has(one.key)) keep(one.key, one.columns);
  };
  return <Given, Series>(indicator: ColumnIndicator<Given, Series>, given: Given): Series => {
    const key = `${indicator.id} ${JSON.stringify(given)}`;
    listen();
    let columns = known.get(key);
    if (columns === undefined) {
      const into = exchange && indicator.outputs && sharedColumns(Object.keys(indicator.outputs), bars.length);
      columns = indicator.batch(bars, given, into as Series | undefined) as Columns;
      if (Object.values(columns).every(isShared)) exchange?.tell({ key, columns });
    }
    keep(key, columns);
    return columns as Series;
  };
}

const sharedColumns = (names: readonly string[], length: number): Columns =>
  Object.fromEntries(
    names.map((name) => [name, new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT))]),
  );

/** One of a user's own indicators may not write into what it is given. */
const isShared = ({ buffer }: Float64Array): boolean => buffer instanceof SharedArrayBuffer;
