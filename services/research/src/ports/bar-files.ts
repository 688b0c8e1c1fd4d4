import type { Timestamp } from '@scalpstorm/kernel';
import type { BarsWanted } from '../domain/bars-wanted.js';

/** Bars as a CSV file, as `scalpstorm backtest --data` reads them. */
export interface BarFile {
  /** SHA-256 of the text; hex. */
  readonly sha256: string;
  readonly gzip: Uint8Array;
}

/** Bars that were fetched before. */
export abstract class BarFiles {
  abstract find(wanted: BarsWanted, now: Timestamp): Promise<BarFile | null>;
  /** The least used go when there is no room. */
  abstract keep(wanted: BarsWanted, file: BarFile, now: Timestamp): Promise<void>;
}
