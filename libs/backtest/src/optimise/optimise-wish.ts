import type { OptimiseSpec } from './optimisation.js';
import { usualEmbargo, usualWalkForward } from './windows.js';

/** As `OptimiseSpec`, but that what was not said follows from the bars; lengths in bars. */
export interface OptimiseWish extends Omit<OptimiseSpec, 'walkForward' | 'folds'> {
  /** Null: nothing is judged out of sample. Null as a length: the second half in five tests. */
  readonly walkForward: {
    readonly train: number | null;
    readonly test: number | null;
    readonly anchored: boolean;
  } | null;
  /** Null as purge: the longest warm-up of the space; as embargo: a hundredth of the bars. */
  readonly folds: {
    readonly groups: number;
    readonly testGroups: number;
    readonly purge: number | null;
    readonly embargo: number | null;
  } | null;
}

/** @param length of the data, in bars */
export function specOfWish({ walkForward, folds, ...wish }: OptimiseWish, length: number): OptimiseSpec {
  return {
    ...wish,
    walkForward: walkForward === null ? null : windowsOf(walkForward, length),
    folds: folds === null ? null : { ...folds, embargo: folds.embargo ?? usualEmbargo(length) },
  };
}

const windowsOf = ({ train, test, anchored }: NonNullable<OptimiseWish['walkForward']>, length: number) =>
  train === null || test === null ? usualWalkForward(length, anchored) : { train, test, anchored };
