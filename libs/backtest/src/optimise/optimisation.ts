import type { JsonObject } from '@scalpstorm/model';
import type { BarMarket } from '../bars/bar-market.js';
import type { BacktestWarning } from '../fault.js';
import type { TrialFigures } from '../figures/trial-figures.js';
import type { MonteCarlo } from '../statistics/monte-carlo.js';
import type { TrialsMade } from '../statistics/sharpe-evidence.js';
import type { CrossValidation } from './cross-validate.js';
import type { Objective } from './objective.js';
import type { Robustness } from './robustness.js';
import type { SearchSpec } from './search.js';
import type { Verdict } from './verdict.js';
import type { WalkForward } from './walk-forward.js';
import type { FoldSpec, WalkForwardSpec } from './windows.js';

/** Plain data: the same plan over the same bars and code gives the same result. */
export interface OptimiseSpec {
  readonly search: SearchSpec;
  readonly objective: Objective;
  /** Null: nothing is judged out of sample. */
  readonly walkForward: WalkForwardSpec | null;
  /** Null as purge: the longest warm-up of the space. */
  readonly folds: (Omit<FoldSpec, 'purge'> & { readonly purge: number | null }) | null;
  readonly monteCarlo: { readonly runs: number; readonly ruinShare: number };
  readonly withinPct: number;
}

export interface RankedTrial {
  readonly parameters: JsonObject;
  readonly score: number | null;
  readonly figures: TrialFigures | null;
}

/** What a search came to, without the single trials; plain JSON. */
export interface Optimisation {
  readonly strategy: string;
  readonly fixed: JsonObject;
  readonly space: readonly {
    readonly name: string;
    readonly values: number;
    readonly first: unknown;
    readonly last: unknown;
  }[];
  readonly spec: OptimiseSpec;
  readonly bars: number;
  readonly from: string;
  readonly to: string;
  readonly barSeconds: number;
  readonly trials: {
    readonly run: number;
    /** Combinations that the strategy refuses, as far as the search met them; no trials. */
    readonly refused: number;
    /** Without a single round trip. */
    readonly idle: number;
    /** Could not be run; the first of their faults is among the warnings. */
    readonly failed: number;
    readonly ever: TrialsMade;
  };
  readonly best: RankedTrial;
  /** The best few, in their order. */
  readonly top: readonly RankedTrial[];
  readonly evidence: {
    readonly probabilisticSharpe: number;
    readonly deflatedSharpe: number;
    /** A year: what the best of so many worthless trials is expected to show. */
    readonly expectedBestSharpe: number;
    /** Bars that a Sharpe ratio like this needs to be above 0 with 95 %. Null: it is not above 0. */
    readonly minimumTrackRecord: number | null;
  };
  readonly walkForward: WalkForward | null;
  readonly crossValidation: CrossValidation | null;
  /** Of the trades out of sample where there are some, else of the best's. */
  readonly monteCarlo: (MonteCarlo & { readonly of: 'out-of-sample' | 'in-sample' }) | null;
  readonly robustness: Robustness;
  readonly verdict: Verdict;
  readonly assumptions: BarMarket;
  readonly warnings: readonly BacktestWarning[];
}
