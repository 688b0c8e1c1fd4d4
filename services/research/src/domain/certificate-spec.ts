import { certifiableBars, examinedBarsMax } from '@scalpstorm/backtest';
import type { Refusal } from '@scalpstorm/contracts';
import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import { type InstrumentId, type JsonObject, type Timeframe, timeframeLength, timeframes } from '@scalpstorm/model';
import { ParameterReader } from '@scalpstorm/strategies';
import { type BarsWanted, checkTimeframe, readInstrument } from './bars-wanted.js';
import { seedMax, wholeOf } from './numbers-of-spec.js';
import { type KnownRules, type RuleWords, readRule } from './rule-of-spec.js';

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
const barsUsual = 10_000;
const barsLeast = 1_000;

/** Every fault at once, at the field that is to blame. */
export function readCertificateSpec(given: JsonObject, known: KnownRules): Result<ReadCertificate, readonly Refusal[]> {
  const reader = new ParameterReader(given).onlyFields(fields);
  const read = readRule(reader, known);
  const instrumentId = readInstrument(reader);
  const timeframe = reader.oneOf('timeframe', timeframes, '1m');
  if (read !== null) checkTimeframe(reader, read.rule, timeframe);
  const least = Math.max(barsLeast, certifiableBars(read?.rule.warmUp ?? 0));
  const bars = wholeOf(reader, 'bars', { min: least, max: examinedBarsMax, absent: Math.max(barsUsual, least) });
  const seed = wholeOf(reader, 'seed', { min: 0, max: seedMax, absent: 1 });
  if (reader.faults.length > 0 || read === null || instrumentId === null) return fail(reader.faults);
  return ok({ spec: { ...read.words, instrumentId, timeframe, bars, seed }, barsMin: least });
}

/** The bars that were over when it was asked for: the same ones, however often the job is run. */
export function barsOf({ instrumentId, timeframe, bars }: CertificateSpec, askedAt: Timestamp): BarsWanted {
  const length = timeframeLength[timeframe];
  const to = Timestamp.fromMicros(Math.floor(askedAt / length) * length);
  return { instrumentId, timeframe, from: Timestamp.plus(to, -bars * length), to };
}
