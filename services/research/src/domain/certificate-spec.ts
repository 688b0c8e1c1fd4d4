import { certifiableBars, examinedBarsMax } from '@scalpstorm/backtest';
import type { Refusal } from '@scalpstorm/contracts';
import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, type JsonObject, type Timeframe, timeframeLength, timeframes } from '@scalpstorm/model';
import { type ConfiguredBarStrategy, ParameterReader, ruleNamed } from '@scalpstorm/strategies';
import type { BarsWanted } from './backtest-spec.js';

/** What is to be examined, whole and checked. */
export interface CertificateSpec {
  readonly strategy: string;
  /** Of the rule alone, as they were sent. */
  readonly parameters: JsonObject;
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
const seedMax = 2 ** 31 - 1;

/** Every fault at once, at the field that is to blame. */
export function readCertificateSpec(given: JsonObject): Result<ReadCertificate, readonly Refusal[]> {
  const reader = new ParameterReader(given).onlyFields(fields);
  const strategy = String(reader.get('strategy') ?? '');
  const parameters = (reader.get('parameters') ?? {}) as JsonObject;
  const rule = ruleOf(reader, strategy, parameters);
  const instrument = reader.get('instrument');
  if (typeof instrument !== 'string' || InstrumentId.parse(instrument as InstrumentId) === null)
    reader.fault('INSTRUMENT_UNKNOWN', 'instrument', 'That is no instrument.', 'venue:BASE-QUOTE, e.g. sim:BTC-USDT');
  const timeframe = reader.oneOf('timeframe', timeframes, '1m');
  if (rule?.needs && rule.needs.bars !== timeframe) {
    const text = `${rule.id} was made for bars of ${rule.needs.bars}.`;
    reader.fault('WRONG_TIMEFRAME', 'timeframe', text, rule.needs.bars);
  }
  const least = Math.max(barsLeast, certifiableBars(rule?.warmUp ?? 0));
  const bars = wholeOf(reader, 'bars', { min: least, max: examinedBarsMax, absent: Math.max(barsUsual, least) });
  const seed = wholeOf(reader, 'seed', { min: 0, max: seedMax, absent: 1 });
  if (reader.faults.length > 0) return fail(reader.faults);
  const instrumentId = instrument as InstrumentId;
  return ok({ spec: { strategy, parameters, instrumentId, timeframe, bars, seed }, barsMin: least });
}

/** The bars that were over when it was asked for: the same ones, however often the job is run. */
export function barsOf({ instrumentId, timeframe, bars }: CertificateSpec, askedAt: Timestamp): BarsWanted {
  const length = timeframeLength[timeframe];
  const to = Timestamp.fromMicros(Math.floor(askedAt / length) * length);
  return { instrumentId, timeframe, from: Timestamp.plus(to, -bars * length), to };
}

function ruleOf(reader: ParameterReader, strategy: string, parameters: JsonObject): ConfiguredBarStrategy | null {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    reader.fault('WRONG_TYPE', 'parameters', 'The parameters are no object.', 'an object');
    return null;
  }
  const rule = ruleNamed(strategy, parameters);
  if (rule.ok) return rule.value;
  const placed = (field: string) => (field === '/strategy' ? field : `/parameters${field}`);
  reader.faults.push(...rule.error.map((fault) => ({ ...fault, field: placed(fault.field) })));
  return null;
}

function wholeOf(
  reader: ParameterReader,
  name: string,
  { min, max, absent }: { readonly min: number; readonly max: number; readonly absent: number },
): number {
  const value = reader.get(name) ?? absent;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  reader.fault('OUT_OF_RANGE', name, `That is no number of ${name} here.`, `a whole number from ${min} to ${max}`);
  return absent;
}
