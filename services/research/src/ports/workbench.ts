import type { TrialsMade } from '@scalpstorm/backtest';
import type { BacktestSpec } from '../domain/backtest-spec.js';
import type { CertificateSpec } from '../domain/certificate-spec.js';
import type { OptimisationSpec } from '../domain/optimisation-spec.js';
import type { BarFile } from './bar-files.js';
import type { JobResult } from './job-queue.js';
import type { Search, Trial, TriedRows } from './trial-records.js';

/** One piece of work, with all it needs: plain data. */
export type Work = BacktestWork | CertificateWork | OptimisationWork;

export interface BacktestWork {
  readonly kind: 'backtest';
  readonly spec: BacktestSpec;
  readonly file: BarFile;
}

export interface CertificateWork {
  readonly kind: 'certificate';
  readonly spec: CertificateSpec;
  readonly file: BarFile;
  /** Fewer bars in the file are too few. */
  readonly barsMin: number;
}

export interface OptimisationWork {
  readonly kind: 'optimisation';
  readonly spec: OptimisationSpec;
  readonly file: BarFile;
  /** What was tried before this process had the job. */
  readonly tried: readonly TriedRows[];
}

/** What work says and asks while it goes on. */
export interface WorkDesk {
  progress(share: number): void;
  /** As soon as it was made. */
  tried(search: Search, trial: Trial): void;
  /** Every trial of the strategy that this user ever made, those that were told included. */
  everTried(search: Search): Promise<TrialsMade>;
}

export interface Worked extends JobResult {
  readonly bars: number;
  /** Of the run alone. */
  readonly seconds: number;
}

/** Where work is done, apart from whoever answers questions, within bounds of memory and time. */
export abstract class Workbench {
  /**
   * @throws JobFailed
   * @throws JobAborted when the signal says so
   */
  abstract work(work: Work, signal: AbortSignal, desk: WorkDesk): Promise<Worked>;
}
