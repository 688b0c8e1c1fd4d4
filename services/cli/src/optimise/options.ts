import { availableParallelism } from 'node:os';
import {
  type Objective,
  type OptimiseWish,
  objectives,
  readSpace,
  type SearchKind,
  type Space,
  searchKinds,
  spaceHelp,
} from '@scalpstorm/backtest';
import { type BarStrategy, valueOfText } from '@scalpstorm/strategies';
import type { Command } from 'commander';
import type { MarketOptions } from '../backtest/options.js';
import { collect } from '../collect.js';
import { exitCodes, Failure, usageFailure } from '../failure.js';
import { numberIn } from '../number-in.js';
import { assignmentsIn } from '../parameters.js';

/** What a search is asked for, as commander reads it: texts. */
export interface SearchOptions extends MarketOptions {
  readonly strategy: string;
  readonly set?: readonly string[];
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
}

/** The same over a file. */
export interface OptimiseOptions extends SearchOptions {
  readonly data?: string;
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

/** The flags of a search, wherever it is made. */
export function addSearchOptions(command: Command): Command {
  return command
    .option('--space <name=range>', `${spaceHelp}; may be repeated (default: all that is not --set)`, collect)
    .option('--set <name=value>', 'a parameter that stays as it is; may be repeated', collect)
    .option('--search <kind>', searchKinds.join(', '), 'grid')
    .option('--tries <count>', 'trials of a random search or of tpe', '200')
    .option('--objective <name>', objectives.join(', '), 'sharpe')
    .option('--seed <number>', 'of everything that is drawn', '1')
    .option('--walk-forward <train:test>', 'bars to choose and to judge by (default: the second half in five tests)')
    .option('--no-walk-forward', 'judge nothing out of sample')
    .option('--anchored', 'every training from the beginning, instead of rolling')
    .option('--folds <count>', 'cross-validate in so many folds, purged')
    .option('--test-folds <count>', 'so many of them at a time; more than one is combinatorial', '1')
    .option('--purge <bars>', 'left out on both sides of a test (default: the longest warm-up)')
    .option('--embargo <bars>', 'left out after a test (default: 1 % of the bars)')
    .option('--monte-carlo <runs>', 'of the trades, shuffled and drawn', '1000')
    .option('--ruin <percent>', 'of the cash: below it is ruin', '50')
    .option('--within <percent>', 'of the best score: so near a neighbour is as good', '20');
}

/** @throws Failure */
export function wishOf(options: SearchOptions): OptimiseWish {
  return {
    search: {
      kind: oneOf('search', options.search, searchKinds) as SearchKind,
      tries: whole('tries', options.tries, 1, Number.MAX_SAFE_INTEGER),
      seed: whole('seed', options.seed, 0, seedMax),
    },
    objective: oneOf('objective', options.objective, objectives) as Objective,
    walkForward: walkForwardOf(options),
    folds: foldsOf(options),
    monteCarlo: {
      runs: whole('monte-carlo', options.monteCarlo, 1, runsMax),
      ruinShare: percent('ruin', options.ruin) / 100,
    },
    withinPct: percent('within', options.within),
  };
}

export const workersOf = ({ workers }: OptimiseOptions): number =>
  workers === undefined ? availableParallelism() : whole('workers', workers, 1, workersMax);

function walkForwardOf({ walkForward, anchored = false }: SearchOptions): OptimiseWish['walkForward'] {
  if (walkForward === false) return null;
  if (typeof walkForward !== 'string') return { train: null, test: null, anchored };
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

function foldsOf({ folds, testFolds, purge, embargo }: SearchOptions): OptimiseWish['folds'] {
  if (folds === undefined) return null;
  const bars = (flag: string, text: string | undefined) =>
    text === undefined ? null : whole(flag, text, 0, Number.MAX_SAFE_INTEGER);
  return {
    groups: whole('folds', folds, 2, 100),
    testGroups: whole('test-folds', testFolds, 1, 99),
    purge: bars('purge', purge),
    embargo: bars('embargo', embargo),
  };
}

function whole(flag: string, text: string, min: number, max: number): number {
  const value = numberIn(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const top = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, `a whole number, ${top}`);
}

function percent(flag: string, text: string): number {
  const value = numberIn(text);
  if (value >= 0 && value <= 100) return value;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, 'percent, 0 to 100');
}

function oneOf(flag: string, text: string, allowed: readonly string[]): string {
  if (allowed.includes(text)) return text;
  throw usageFailure('INVALID_OPTION', `--${flag} cannot be "${text}".`, allowed.join(', '));
}

/** @throws Failure */
export function spaceOf({ parameters }: BarStrategy, { space = [], set = [] }: SearchOptions): Space {
  const fixed = assignmentsIn('set', set).map(([name, text]) => [name, valueOfText(parameters[name], text)] as const);
  const read = readSpace(parameters, space, Object.fromEntries(fixed));
  if (read.ok) return read.value;
  const { code, text, next } = read.error;
  throw new Failure(code, text, { exitCode: exitCodes.usage, next });
}
