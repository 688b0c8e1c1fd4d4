import type { ResearchJob } from '@scalpstorm/contracts';
import { assumptionsOf, standingOf, subjectOf } from './job.js';

/** As the forms of the API fill them in. */
interface SearchWords {
  readonly space: readonly string[];
  readonly search: { readonly kind: string; readonly tries: number; readonly seed: number };
  readonly objective: string;
  readonly walkForward: {
    readonly kind: string;
    readonly train: number | null;
    readonly test: number | null;
    readonly anchored: boolean;
  };
  readonly folds: {
    readonly groups: number;
    readonly testGroups: number;
    readonly purge: number | null;
    readonly embargo: number | null;
  } | null;
  readonly monteCarlo: { readonly runs: number; readonly ruinPct: number };
  readonly withinPct: number;
}

/** A search with its own words beside what became of it. */
export function optimisationView(job: ResearchJob) {
  const { space, search, objective, walkForward, folds, monteCarlo, withinPct } = job.spec as unknown as SearchWords;
  return {
    ...standingOf(job),
    ...subjectOf(job.spec),
    ...assumptionsOf(job.spec),
    ...{ space, search, objective, walkForward, folds, monteCarlo, withinPct },
    result: job.summary,
  };
}
export type OptimisationView = ReturnType<typeof optimisationView>;
