import type { Micros } from '@scalpstorm/kernel';

/**
 * What a model is asked: does a purchase (or a sale) made now reach its target before its stop and before its time is over? Entered
 * at the ask and left at the bid (or the other way round), so the spread is paid; fees are not in it. (Triple barrier: López de Prado,
 * Advances in Financial Machine Learning, 3.4.)
 */
export interface BarrierSpec {
  /** Basis points of the entry. */
  readonly targetBps: number;
  readonly stopBps: number;
  /** Counts from the entry. */
  readonly horizon: Micros;
  /** An order reaches the venue so long after the sample that it rests on. */
  readonly delay: Micros;
}

/** Best prices over time, in one array each; times grow. */
export interface QuoteSeries {
  readonly times: Float64Array;
  readonly bids: Float64Array;
  readonly asks: Float64Array;
}

export interface Touch {
  readonly won: boolean;
  /** Basis points of the entry, before fees. */
  readonly grossBps: number;
}

export interface Touches {
  readonly up: Touch;
  readonly down: Touch;
}

/** Null where the series ends before the time is over. @param from index of a quote that is not after the sample */
export function touchBarriers(series: QuoteSeries, from: number, at: number, spec: BarrierSpec): Touches | null {
  const start = indexAt(series.times, at + spec.delay, from);
  const end = at + spec.delay + spec.horizon;
  const last = series.times[series.times.length - 1];
  if (last === undefined || last < end) return null;
  const up = touch(series, { start, end, up: true }, spec);
  const down = touch(series, { start, end, up: false }, spec);
  return { up, down };
}

interface Entry {
  readonly start: number;
  readonly end: number;
  readonly up: boolean;
}

function touch({ times, bids, asks }: QuoteSeries, { start, end, up }: Entry, spec: BarrierSpec): Touch {
  const entry = (up ? asks : bids)[start] ?? Number.NaN;
  const exits = up ? bids : asks;
  let grossBps = 0;
  for (let index = start; index < times.length && (times[index] ?? 0) <= end; index += 1) {
    const exit = exits[index] ?? Number.NaN;
    grossBps = (up ? exit / entry - 1 : 1 - exit / entry) * 10_000;
    if (grossBps >= spec.targetBps) return { won: true, grossBps };
    if (grossBps <= -spec.stopBps) break;
  }
  return { won: false, grossBps };
}

/** The newest quote that is not after a time, looked for from an earlier one. */
export function indexAt(times: Float64Array, at: number, from: number): number {
  let index = from;
  while ((times[index + 1] ?? Number.POSITIVE_INFINITY) <= at) index += 1;
  return index;
}
