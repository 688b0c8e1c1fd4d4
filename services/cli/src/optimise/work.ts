import { type OptimisePlan, purgedFolds, walkForwardWindows } from '@scalpstorm/backtest';

/** Trials × bars that a search will take at most; for the clock of its progress alone. */
export function workOf({ bars, space, spec }: OptimisePlan): number {
  const { search, walkForward, folds } = spec;
  const trials = search.kind === 'grid' ? space.size : Math.min(space.size, search.tries);
  const windows = walkForward === null ? null : walkForwardWindows(bars.length, walkForward);
  const tests = folds === null ? null : purgedFolds(bars.length, { ...folds, purge: folds.purge ?? 0 });
  const stretches = [
    { from: 0, to: bars.length },
    ...(windows?.ok === true ? windows.value.map(({ train }) => train) : []),
    ...(tests?.ok === true ? tests.value.flatMap(({ train }) => train) : []),
  ];
  return trials * stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}
