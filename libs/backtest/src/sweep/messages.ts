import type { JsonObject } from '@scalpstorm/model';
import type { BarColumns } from '@scalpstorm/strategies';
import type { BarMarket } from '../bars/bar-market.js';
import type { BacktestFault } from '../fault.js';
import type { TrialFigures } from '../figures/trial-figures.js';

/** What all combinations of a sweep have in common. */
export interface Ground {
  readonly bars: BarColumns;
  readonly strategy: string;
  readonly market: BarMarket;
  /** Names the channel of the series that its threads share. */
  readonly series: string;
}

/** Combinations that follow one another in the list. */
export interface Batch {
  readonly from: number;
  readonly combinations: readonly JsonObject[];
}

export type Outcome =
  | { readonly ok: true; readonly value: TrialFigures }
  | { readonly ok: false; readonly error: BacktestFault };

/** To a thread. */
export type Request =
  | {
      readonly kind: 'begin';
      readonly ground: Ground;
      /** One number, in shared memory: the index of the combination that is being run. */
      readonly mark: Int32Array;
    }
  | ({ readonly kind: 'run' } & Batch)
  /** Nothing is left to be done over these bars. */
  | { readonly kind: 'rest' };

/** From a thread, one for each request that is not to rest. */
export type Reply =
  | { readonly kind: 'begun' }
  | { readonly kind: 'refused'; readonly fault: BacktestFault }
  | { readonly kind: 'ran'; readonly outcomes: readonly Outcome[] };

/** In the mark: none is being run. */
export const noCombination = -1;
