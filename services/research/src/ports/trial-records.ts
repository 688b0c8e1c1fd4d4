import type { Stretch, TrialsMade, Tried } from '@scalpstorm/backtest';
import type { ResearchJob } from '@scalpstorm/contracts';
import type { JsonObject, Timeframe, UserId } from '@scalpstorm/model';

/** What a combination came to over a stretch of the bars. */
export interface Trial extends Stretch {
  readonly parameters: JsonObject;
  readonly tried: Tried;
  /** What makes it another trial than others: see `trials` in the schema; hex. */
  readonly id: string;
  /** From bar to bar; null where only a part of the bars was run, or it could not be run. */
  readonly sharpePerBar: number | null;
}

/** Trials over the same bars by the same code. */
export interface TriedRows {
  readonly ground: string;
  /** JSON: `Trial[]`. */
  readonly rows: string;
}

/** What trials are made of. */
export interface Search {
  /** Those of one strategy count together. */
  readonly strategy: string;
  /** Sharpe ratios from bar to bar are alike over bars of one length alone. */
  readonly timeframe: Timeframe;
  /** Which bars, and which code. */
  readonly ground: string;
}

/** What searches and backtests tried. Who may write for a job is as in `JobQueue`. */
export abstract class TrialRecords {
  /** What those who ran the job before tried; oldest first. */
  abstract ofJob(job: ResearchJob): Promise<readonly TriedRows[]>;
  /**
   * For the job, and for good among the trials of its user, where each is counted once. One that could not be run showed nothing, and
   * does not count.
   * @returns false: somebody else has the job now, and nothing was written
   */
  abstract keep(job: ResearchJob, search: Search, trials: readonly Trial[]): Promise<boolean>;
  /** Every trial that the user ever made of a strategy, and how unlike the Sharpe ratios are of those over bars of this length. */
  abstract made(userId: UserId, search: Search): Promise<TrialsMade>;
  /** Forgets what jobs tried that are over; the oldest of a user's many trials stay as sums. */
  abstract tidy(trialsPerUserMax: number): Promise<void>;
}
