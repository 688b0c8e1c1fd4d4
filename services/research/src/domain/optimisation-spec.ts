import {
  type BarMarket,
  checkFixed,
  type OptimiseWish,
  objectives,
  plannedWork,
  purgedFolds,
  readSpace,
  type Space,
  searchKinds,
  specOfWish,
  walkForwardWindows,
} from '@scalpstorm/backtest';
import type { Refusal } from '@scalpstorm/contracts';
import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { type NamedStrategy, ParameterReader, strategyNamed } from '@scalpstorm/strategies';
import { type BarsWanted, countOfBars, readBarsWanted, type SpecBounds } from './bars-wanted.js';
import { marketFields, readMarket } from './market-of-spec.js';
import { numberOf, seedMax, wholeOf } from './numbers-of-spec.js';
import { countedAs, isObject, type KnownRules, type RuleWords, readRuleWords } from './rule-of-spec.js';

/** What a search is, whole and checked; plain data. */
export interface OptimisationSpec extends RuleWords {
  /** Whose trials are counted together. */
  readonly counted: string;
  readonly space: Space;
  readonly bars: BarsWanted;
  readonly market: BarMarket;
  readonly wish: OptimiseWish;
}

export interface SearchBounds extends SpecBounds {
  /** Runs of one search, over all bars, in each training and in each fold. */
  readonly trialsMax: number;
}

const fields = [
  ...(['strategy', 'parameters', 'space', 'instrument', 'timeframe', 'from', 'to'] as const),
  ...marketFields,
  ...(['search', 'objective', 'walkForward', 'folds', 'monteCarlo', 'withinPct'] as const),
];
const spaceMax = 64;
const rangeMax = 200;
/** What a search came to says each of them, and is told whole in one message. */
const windowsMax = 50;
const foldsMax = 50;
const monteCarloMax = 10_000;
const barsOfWindowMax = 10_000_000;
const walkForwardKinds = ['usual', 'none', 'windows'] as const;

/** Every fault at once, at the field that is to blame. */
export function readOptimisationSpec(
  given: JsonObject,
  bounds: SearchBounds,
): Result<OptimisationSpec, readonly Refusal[]> {
  const reader = new ParameterReader(given).onlyFields(fields);
  const subject = subjectOf(reader, bounds);
  const bars = readBarsWanted(reader, bounds);
  const market = readMarket(reader);
  const wish = wishOf(reader);
  if (subject !== null && bars !== null && reader.faults.length === 0)
    checkWork(reader, { space: subject.space, wish, bars: countOfBars(bars), trialsMax: bounds.trialsMax });
  if (reader.faults.length > 0 || subject === null || bars === null || market === null) return fail(reader.faults);
  return ok({ ...subject, bars, market, wish });
}

function subjectOf(
  reader: ParameterReader,
  { rules }: KnownRules,
): (RuleWords & Pick<OptimisationSpec, 'space' | 'counted'>) | null {
  const words = readRuleWords(reader);
  if (words === null) return null;
  const named = strategyNamed(words.strategy, words.parameters, rules);
  if (!named.ok) {
    const placed = (field: string) => (field === '/strategy' ? field : `/parameters${field}`);
    reader.faults.push(...named.error.map((fault) => ({ ...fault, field: placed(fault.field) })));
    return null;
  }
  const space = spaceOf(reader, named.value);
  return space === null ? null : { ...words, space, counted: countedAs(words, named.value.strategy.id) };
}

function spaceOf(reader: ParameterReader, { strategy, given, at }: NamedStrategy): Space | null {
  const texts = reader.get('space') ?? [];
  if (!isTexts(texts)) {
    reader.fault('WRONG_TYPE', 'space', 'That is no list of ranges.', `at most ${spaceMax} texts, e.g. fast=5..50:5`);
    return null;
  }
  const fixed = checkFixed(strategy.parameters, given);
  const space = fixed.ok ? readSpace(strategy.parameters, texts, given) : fixed;
  if (space.ok) return space.value;
  const { code, text, next } = space.error;
  reader.faults.push({ code, field: fixed.ok ? '/space' : `/parameters${at}`, text, allowed: '', next });
  return null;
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= spaceMax &&
  value.every((one) => typeof one === 'string' && one.length <= rangeMax);

function wishOf(reader: ParameterReader): OptimiseWish {
  const search = partOf(reader, 'search', ['kind', 'tries', 'seed']);
  const luck = partOf(reader, 'monteCarlo', ['runs', 'ruinPct']);
  const wish = {
    search: {
      kind: search.oneOf('kind', searchKinds, 'grid'),
      tries: wholeOf(search, 'tries', { min: 1, max: Number.MAX_SAFE_INTEGER, absent: 200 }),
      seed: wholeOf(search, 'seed', { min: 0, max: seedMax, absent: 1 }),
    },
    objective: reader.oneOf('objective', objectives, 'sharpe'),
    walkForward: walkForwardOf(reader),
    folds: foldsOf(reader),
    monteCarlo: {
      runs: wholeOf(luck, 'runs', { min: 1, max: monteCarloMax, absent: 1_000 }),
      ruinShare: percentOf(luck, 'ruinPct', 50) / 100,
    },
    withinPct: percentOf(reader, 'withinPct', 20),
  };
  reader.faults.push(...search.faults, ...luck.faults);
  return wish;
}

function walkForwardOf(reader: ParameterReader): OptimiseWish['walkForward'] {
  const part = partOf(reader, 'walkForward', ['kind', 'train', 'test', 'anchored']);
  const kind = part.oneOf('kind', walkForwardKinds, 'usual');
  const anchored = part.oneOf('anchored', [false, true], false);
  const within = { min: 2, max: barsOfWindowMax, unit: 'bars' };
  const [train, test] = [part.whole('train', within), part.whole('test', within)];
  if (kind === 'windows' && (train === null || test === null))
    part.fault('NOT_ALLOWED', 'kind', 'Windows have a length.', 'train and test, in bars');
  if (kind !== 'windows' && (train !== null || test !== null))
    part.fault('NOT_ALLOWED', 'kind', `${kind} has no length.`, 'windows, for train and test');
  reader.faults.push(...part.faults);
  return kind === 'none' ? null : { train, test, anchored };
}

function foldsOf(reader: ParameterReader): OptimiseWish['folds'] {
  if ((reader.get('folds') ?? null) === null) return null;
  const part = partOf(reader, 'folds', ['groups', 'testGroups', 'purge', 'embargo']);
  const bars = { min: 0, max: barsOfWindowMax, unit: 'bars' };
  const folds = {
    groups: wholeOf(part, 'groups', { min: 2, max: 100, absent: 0 }),
    testGroups: wholeOf(part, 'testGroups', { min: 1, max: 99, absent: 1 }),
    purge: part.whole('purge', bars),
    embargo: part.whole('embargo', bars),
  };
  reader.faults.push(...part.faults);
  return folds;
}

interface Work {
  readonly space: Space;
  readonly wish: OptimiseWish;
  readonly bars: number;
  readonly trialsMax: number;
}

function checkWork(reader: ParameterReader, { space, wish, bars, trialsMax }: Work): void {
  const spec = specOfWish(wish, bars);
  const { walkForward, folds } = spec;
  const windows = walkForward === null ? ok([]) : walkForwardWindows(bars, walkForward);
  const tests = folds === null ? ok([]) : purgedFolds(bars, { ...folds, purge: folds.purge ?? 0 });
  for (const [name, found, most] of [
    ['walkForward', windows, windowsMax],
    ['folds', tests, foldsMax],
  ] as const) {
    if (!found.ok) reader.faults.push({ ...found.error, field: `/${name}`, allowed: '' });
    else if (found.value.length > most)
      reader.fault('WINDOWS_NOT_ALLOWED', name, `That is ${found.value.length} tests.`, `at most ${most}`);
  }
  if (reader.faults.length > 0) return;
  const { runs } = plannedWork(bars, { space, spec });
  if (runs <= trialsMax) return;
  const text = `That is ${runs} trials, those of each window and fold counted.`;
  reader.fault('TOO_MANY_TRIALS', 'search', text, `at most ${trialsMax}`);
}

/** An object of the request as a request of its own; what is no object has no fields, and the reader is told. */
function partOf(reader: ParameterReader, name: string, known: readonly string[]): ParameterReader {
  const value = reader.get(name) ?? {};
  if (isObject(value)) return new ParameterReader(value, `/${name}`).onlyFields(known);
  reader.fault('WRONG_TYPE', name, 'That is no object.', `an object with ${known.join(', ')}`);
  return new ParameterReader({}, `/${name}`);
}

function percentOf(reader: ParameterReader, name: string, absent: number): number {
  const value = numberOf(reader, name, absent);
  if (value >= 0 && value <= 100) return value;
  reader.fault('NOT_ALLOWED', name, `${value} is no percentage.`, '0 to 100');
  return absent;
}
