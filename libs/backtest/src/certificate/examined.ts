import { Timestamp } from '@scalpstorm/kernel';
import type { BarColumns, ConfiguredBarStrategy } from '@scalpstorm/strategies';
import type { BarMarket } from '../bars/bar-market.js';

/** What is examined, and over which market. */
export interface Examined {
  readonly bars: BarColumns;
  readonly strategy: ConfiguredBarStrategy;
  /** Costs nothing: a check is about knowledge, not about fees. */
  readonly market: BarMarket;
  readonly seed: number;
}

/** A bar as a person finds it again. */
export const barName = ({ openedAt }: BarColumns, bar: number): string =>
  `bar ${bar} of ${Timestamp.toIso(Timestamp.fromMicros(openedAt[bar] as number))}`;

/** What was asked for, in words. */
export const wordsOf = (words: string | undefined): string => (words ? `"${words}"` : 'nothing');

/** The first place at which two lists differ over their common length; null: none. */
export function firstDifference<Value>(one: ArrayLike<Value>, other: ArrayLike<Value>): number | null {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) if (one[at] !== other[at]) return at;
  return null;
}
