import { certifiableBars, examinedBarsMax, examinedPlacingBars } from '@scalpstorm/backtest';
import type { Refusal } from '@scalpstorm/contracts';
import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import { type InstrumentId, type JsonObject, type Timeframe, timeframeLength, timeframes } from '@scalpstorm/model';
import { ParameterReader, placingStrategies } from '@scalpstorm/strategies';
import { type BarsWanted, checkTimeframe, readInstrument } from './bars-wanted.js';
import { seedMax, wholeOf } from './numbers-of-spec.js';
import { readPlacing } from './placing-of-spec.js';
import { type KnownRules, type RuleWords, readRule, readRuleWords } from './rule-of-spec.js';

/** What is to be examined, whole and checked. */
export interface CertificateSpec extends RuleWords {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  /** The newest so many before the request. */
  readonly bars: number;
  readonly seed: number;
}

export interface ReadCertificate {
  readonly spec: CertificateSpec;
  /** Fewer say nothing about a rule with its warm-up. */
  readonly barsMin: number;
}

const fields = ['strategy', 'parameters', 'instrument', 'timeframe', 'bars', 'seed'] as const;
const barsLeast = 1_000;

/** How many bars are looked at where nobody says so, and at most. */
interface BarBounds {
  readonly usual: number;
  readonly most: number;
}
const ofRules: BarBounds = { usual: 10_000, most: examinedBarsMax };
/** Every order of every run has a life of its own. */
const ofPlacing: BarBounds = { usual: examinedPlacingBars, most: 5_000 };

/** What is examined, and what it takes. */
interface Subject {
  readonly words: RuleWords;
  readonly least: number;
  readonly bounds: BarBounds;
}

/** Every fault at once, at the field that is to blame. */
export function readCertificateSpec(given: JsonObject, known: KnownRules): Result<ReadCertificate, readonly Refusal[]> {
  const reader = new ParameterReader(given).onlyFields(fields);
  const instrumentId = readInstrument(reader);
  const timeframe = reader.oneOf('timeframe', timeframes, '1m');
  const subject = readSubject(reader, known, timeframe);
  const { least, bounds } = subject ?? { least: barsLeast, bounds: ofRules };
  const most = Math.min(examinedBarsMax, Math.max(bounds.most, least));
  const bars = wholeOf(reader, 'bars', { min: least, max: most, absent: Math.max(bounds.usual, least) });
  const seed = wholeOf(reader, 'seed', { min: 0, max: seedMax, absent: 1 });
  if (reader.faults.length > 0 || subject === null || instrumentId === null) return fail(reader.faults);
  return ok({ spec: { ...subject.words, instrumentId, timeframe, bars, seed }, barsMin: least });
}

/** Null: its faults are with the reader. */
function readSubject(reader: ParameterReader, known: KnownRules, timeframe: Timeframe): Subject | null {
  const placing = placingStrategies.get(String(reader.get('strategy') ?? ''));
  if (placing === undefined) {
    const read = readRule(reader, known);
    if (read === null) return null;
    checkTimeframe(reader, read.rule, timeframe);
    return { words: read.words, least: leastOf(read.rule.warmUp), bounds: ofRules };
  }
  const words = readRuleWords(reader);
  const warmUp = words && readPlacing(reader, placing, { parameters: words.parameters, timeframe });
  return words === null || warmUp === null ? null : { words, least: leastOf(warmUp), bounds: ofPlacing };
}

const leastOf = (warmUp: number): number => Math.max(barsLeast, certifiableBars(warmUp));

/** The bars that were over when it was asked for: the same ones, however often the job is run. */
export function barsOf({ instrumentId, timeframe, bars }: CertificateSpec, askedAt: Timestamp): BarsWanted {
  const length = timeframeLength[timeframe];
  const to = Timestamp.fromMicros(Math.floor(askedAt / length) * length);
  return { instrumentId, timeframe, from: Timestamp.plus(to, -bars * length), to };
}
