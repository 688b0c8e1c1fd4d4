import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { BacktestFault } from '../fault.js';
import type { Stretch } from './tries.js';

/** Lengths in bars. */
export interface WalkForwardSpec {
  readonly train: number;
  readonly test: number;
  /** Every training begins with the data, and grows; else it rolls, and is as long each time. */
  readonly anchored: boolean;
}

export interface Window {
  readonly train: Stretch;
  readonly test: Stretch;
}

const windowsMax = 1_000;
/** Test windows where nobody said how long they are: so many, over the second half of the data. */
const usualWindows = 5;

/** Where nobody said how long windows are. @param length in bars */
export function usualWalkForward(length: number, anchored: boolean): WalkForwardSpec {
  const test = Math.max(2, Math.floor(length / (2 * usualWindows)));
  return { train: Math.max(2, length - usualWindows * test), test, anchored };
}

/** Test windows follow each other without a gap to the end of the data, where the last one may be shorter, or longer by a bar. */
export function walkForwardWindows(
  length: number,
  { train, test, anchored }: WalkForwardSpec,
): Result<readonly Window[], BacktestFault> {
  if (!isLength(train) || !isLength(test)) {
    return fail(
      notAllowed(`Windows of ${train} and ${test} bars.`, 'Use whole numbers of 2 and more, e.g. 20000:5000.'),
    );
  }
  if (train + 2 > length) {
    return fail(notAllowed(`A training of ${train} bars leaves none of ${length} to test.`, 'Use a shorter one.'));
  }
  if ((length - train) / test > windowsMax) {
    return fail(notAllowed(`More than ${windowsMax} windows.`, 'Use longer test windows.'));
  }
  const windows: Window[] = [];
  for (let at = train; at < length; ) {
    const end = at + test;
    // A single bar at the end can not be traded for itself: it belongs to the test before it.
    const to = length - end < 2 ? length : end;
    windows.push({ train: { from: anchored ? 0 : at - train, to: at }, test: { from: at, to } });
    at = to;
  }
  return ok(windows);
}

/** Combinatorial for more than one test group at a time: López de Prado (2018), "Advances in financial machine learning", 7.4, 12.3. */
export interface FoldSpec {
  /** Equal groups of bars in a row. */
  readonly groups: number;
  /** So many of them are the test, in every combination; 1 is k-fold. */
  readonly testGroups: number;
  /**
   * Bars before and after a test that are no training: a trade opened there could still be open inside the test, and an indicator
   * there still knows the test.
   */
  readonly purge: number;
  /** Bars after a test that are no training, because returns hang together; those of the purge count towards it. */
  readonly embargo: number;
}

export interface Fold {
  readonly train: readonly Stretch[];
  readonly test: readonly Stretch[];
}

const foldsMax = 1_000;

/** Where nobody said how many bars. @param length in bars */
export const usualEmbargo = (length: number): number => Math.ceil(length / 100);

export function purgedFolds(length: number, spec: FoldSpec): Result<readonly Fold[], BacktestFault> {
  const { groups, testGroups, purge, embargo } = spec;
  const wanted = [groups - 2, testGroups - 1, groups - 1 - testGroups, purge, embargo];
  if (!wanted.every((number) => Number.isSafeInteger(number) && number >= 0)) {
    return fail(
      notAllowed(
        `${groups} folds with ${testGroups} to test, purge ${purge}, embargo ${embargo}.`,
        'Use 2 folds or more, fewer to test than there are, and bars of 0 and more.',
      ),
    );
  }
  if (groups * 2 > length || combinationsOf(groups, testGroups) > foldsMax) {
    return fail(notAllowed(`${groups} folds with ${testGroups} to test are too many.`, `At most ${foldsMax} tests.`));
  }
  const folds = combinations(groups, testGroups).map((tested) => foldOf(length, spec, new Set(tested)));
  if (folds.every(({ train }) => train.length > 0)) return ok(folds);
  return fail(notAllowed('Purge and embargo leave nothing to train on.', 'Use fewer folds, or fewer bars of purge.'));
}

function foldOf(length: number, { groups, purge, embargo }: FoldSpec, tested: ReadonlySet<number>): Fold {
  const edge = (group: number) => Math.floor((group * length) / groups);
  const test: Stretch[] = [];
  for (let group = 0; group < groups; group += 1) {
    if (!tested.has(group)) continue;
    const last = test.at(-1);
    if (last?.to === edge(group)) test[test.length - 1] = { from: last.from, to: edge(group + 1) };
    else test.push({ from: edge(group), to: edge(group + 1) });
  }
  const ends = [...test, { from: length + purge, to: length }];
  const train = ends.map(({ from }, at) => ({
    from: at === 0 ? 0 : (ends[at - 1] as Stretch).to + Math.max(purge, embargo),
    to: from - purge,
  }));
  return { test, train: train.filter(({ from, to }) => to - from >= 2) };
}

/** Of `count` out of 0, 1, 2 …, in the order of a dictionary. */
function combinations(of: number, count: number, from = 0): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  const found: (readonly number[])[] = [];
  for (let first = from; first <= of - count; first += 1) {
    for (const rest of combinations(of, count - 1, first + 1)) found.push([first, ...rest]);
  }
  return found;
}

function combinationsOf(of: number, count: number): number {
  let number = 1;
  for (let at = 1; at <= count; at += 1) number = (number * (of - count + at)) / at;
  return number;
}

const isLength = (bars: number): boolean => Number.isSafeInteger(bars) && bars >= 2;

const notAllowed = (text: string, next: string): BacktestFault => ({ code: 'WINDOWS_NOT_ALLOWED', text, next });
