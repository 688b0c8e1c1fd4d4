import { availableParallelism } from 'node:os';
import {
  type Objective,
  type OptimiseSpec,
  objectives,
  type SearchKind,
  searchKinds,
  usualEmbargo,
  usualWalkForward,
} from '@scalpstorm/backtest';
import type { MarketOptions } from '../backtest/options.js';
import { usageFailure } from '../failure.js';

/** As commander reads them: texts. */
export interface OptimiseOptions extends MarketOptions {
  readonly strategy?: string;
  readonly set?: readonly string[];
  readonly data?: string;
  readonly space?: readonly string[];
  readonly search: string;
  readonly tries: string;
  readonly seed: string;
  readonly objective: string;
  /** False: --no-walk-forward. */
  readonly walkForward?: string | boolean;
  readonly anchored?: boolean;
  readonly folds?: string;
  readonly testFolds: string;
  readonly purge?: string;
  readonly embargo?: string;
  readonly monteCarlo: string;
  readonly ruin: string;
  readonly within: string;
  readonly workers?: string;
  readonly trials?: string;
  readonly trialsOut?: string;
  readonly report?: string;
  readonly equity?: string;
  readonly job?: string;
}

const seedMax = 2 ** 31 - 1;
const runsMax = 100_000;
const workersMax = 256;

/** @param bars how many there are: what was not said follows from them. @throws Failure */
export function specOf(options: OptimiseOptions, bars: number): OptimiseSpec {
  return {
    search: {
      kind: oneOf('search', options.search, searchKinds) as SearchKind,
      tries: whole('tries', options.tries, 1, Number.MAX_SAFE_INTEGER),
      seed: whole('seed', options.seed, 0, seedMax),
    },
    objective: oneOf('objective', options.objective, objectives) as Objective,
    walkForward: walkForwardOf(options, bars),
    folds: foldsOf(options, bars),
    monteCarlo: {
      runs: whole('monte-carlo', options.monteCarlo, 1, runsMax),
      ruinShare: percent('ruin', options.ruin) / 100,
    },
    withinPct: percent('within', options.within),
  };
}

export const workersOf = ({ workers }: OptimiseOptions): number =>
  workers === undefined ? availableParallelism() : whole('workers', workers, 1, workersMax);

function walkForwardOf({ walkForward, anchored = false }: OptimiseOptions, bars: number): OptimiseSpec['walkForward'] {
  if (walkForward === false) return null;
  if (typeof walkForward !== 'string') return usualWalkForward(bars, anchored);
  const [train = '', test = '', ...more] = walkForward.split(':');
  if (more.length > 0 || test === '') {
    throw usageFailure('INVALID_OPTION', `--walk-forward cannot be "${walkForward}".`, 'bars, e.g. 20000:5000');
  }
  return {
    train: whole('walk-forward', train, 2, Number.MAX_SAFE_INTEGER),
    test: whole('walk-forward', test, 2, Number.MAX_SAFE_INTEGER),
    anchored,
  };
}

function foldsOf({ folds, testFolds, purge, embargo }: OptimiseOptions, bars: number): OptimiseSpec['folds'] {
  if (folds === undefined) return null;
  return {
    groups: whole('folds', folds, 2, 100),
    testGroups: whole('test-folds', testFolds, 1, 99),
    purge: purge === undefined ? null : whole('purge', purge, 0, bars),
    embargo: embargo === undefined ? usualEmbargo(bars) : whole('embargo', embargo, 0, bars),
  };
}

function whole(flag: string, text: string, min: number, max: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const top = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, `a whole number, ${top}`);
}

function percent(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= 100) return value;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, 'percent, 0 to 100');
}

function oneOf(flag: string, text: string, allowed: readonly string[]): string {
  if (allowed.includes(text)) return text;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, allowed.join(', '));
}
