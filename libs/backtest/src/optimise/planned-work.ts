import type { OptimisePlan } from './optimise.js';
import { purgedFolds, walkForwardWindows } from './windows.js';

export interface PlannedWork {
  /** Over all of the bars, in each training and in each fold. */
  readonly runs: number;
  /** Runs × bars of each. */
  readonly bars: number;
}

/** What a search will take at most, but for the neighbours of the best that it does not meet itself. @param length in bars */
export function plannedWork(length: number, { space, spec }: Pick<OptimisePlan, 'space' | 'spec'>): PlannedWork {
  const { search, walkForward, folds } = spec;
  const trials = search.kind === 'grid' ? space.size : Math.min(space.size, search.tries);
  const windows = walkForward === null ? null : walkForwardWindows(length, walkForward);
  const tests = folds === null ? null : purgedFolds(length, { ...folds, purge: folds.purge ?? 0 });
  const stretches = [
    { from: 0, to: length },
    ...(windows?.ok === true ? windows.value.map(({ train }) => train) : []),
    ...(tests?.ok === true ? tests.value.flatMap(({ train }) => train) : []),
  ];
  return {
    runs: trials * stretches.length,
    bars: trials * stretches.reduce((sum, { from, to }) => sum + to - from, 0),
  };
}
