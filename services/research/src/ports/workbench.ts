import type { BacktestSpec } from '../domain/backtest-spec.js';
import type { CertificateSpec } from '../domain/certificate-spec.js';
import type { BarFile } from './bar-files.js';
import type { JobResult } from './job-queue.js';

/** One piece of work, with all it needs: plain data. */
export type Work = BacktestWork | CertificateWork;

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
  abstract work(work: Work, signal: AbortSignal, onProgress: (share: number) => void): Promise<Worked>;
}
