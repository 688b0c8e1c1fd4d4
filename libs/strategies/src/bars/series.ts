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
 * @param bytesMax of all that is computed here and kept; the series that was not asked for the longest makes way
 * @param exchange what is computed lies in shared memory, and others are told, up to half of `bytesMax`; the rest is kept here alone.
 * What was told makes way for nothing: others hold it, too, and V8 counts no shared memory, so that it would not collect it for long.
 * What is heard is kept as well, and counts at who told it. Two who want the same at once both compute it.
 */
export function rememberedSeries(bars: BarColumns, bytesMax: number, exchange?: SeriesExchange): SeriesOf {
  const shared = new Map<string, Columns>();
  const own = new Map<string, Columns>();
  let sharedBytes = 0;
  let ownBytes = 0;
  const bytesOf = (names: readonly string[]) => names.length * bars.length * Float64Array.BYTES_PER_ELEMENT;
  const keep = (key: string, columns: Columns) => {
    if (!own.delete(key)) ownBytes += bytesOf(Object.keys(columns));
    own.set(key, columns);
    for (const [oldest, one] of own) {
      if (sharedBytes + ownBytes <= bytesMax || oldest === key) break;
      own.delete(oldest);
      ownBytes -= bytesOf(Object.keys(one));
    }
  };
  const listen = () => {
    for (let one = exchange?.next() ?? null; one !== null; one = exchange?.next() ?? null)
      if (!shared.has(one.key)) shared.set(one.key, one.columns);
  };
  /** To write into and to tell others of; spent also where the indicator does not take it. Undefined: this one is not told. */
  const sharedRoom = (outputs: object = {}): Columns | undefined => {
    const names = Object.keys(outputs);
    if (exchange === undefined || names.length === 0 || sharedBytes + bytesOf(names) > bytesMax / 2) return undefined;
    sharedBytes += bytesOf(names);
    return sharedColumns(names, bars.length);
  };
  return <Given, Series>(indicator: ColumnIndicator<Given, Series>, given: Given): Series => {
    const key = `${indicator.id} ${JSON.stringify(given)}`;
    listen();
    let columns = shared.get(key);
    if (columns !== undefined) return columns as Series;
    columns = own.get(key);
    if (columns === undefined) {
      const into = sharedRoom(indicator.outputs);
      columns = indicator.batch(bars, given, into as Series | undefined) as Columns;
      if (into !== undefined && Object.values(columns).every(isShared)) {
        shared.set(key, columns);
        exchange?.tell({ key, columns });
        return columns as Series;
      }
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
