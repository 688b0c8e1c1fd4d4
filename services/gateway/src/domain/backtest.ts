import type { ResearchJob } from '@scalpstorm/contracts';
import { assumptionsOf, standingOf, subjectOf } from './job.js';

/** A job with its own words beside what became of it. */
export const backtestView = (job: ResearchJob) => ({
  ...standingOf(job),
  ...subjectOf(job.spec),
  ...assumptionsOf(job.spec),
  fast: job.spec['fast'] === true,
  summary: job.summary,
});
export type BacktestView = ReturnType<typeof backtestView>;

/** Equity at the close of a bar, and the lowest since the point before. */
export interface EquityPoint {
  readonly at: string;
  readonly equity: number;
  readonly low: number;
}

export interface BacktestTrade {
  readonly openedAt: string;
  readonly closedAt: string;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly fees: number;
  readonly net: number;
  readonly netPct: number;
  readonly exitReason: string;
  readonly entryTag: string;
  readonly exitTag: string;
}
