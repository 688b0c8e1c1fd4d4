import { Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, type Timeframe, timeframeLength, timeframes } from '@scalpstorm/model';
import type { DataNeeds, ParameterReader } from '@scalpstorm/strategies';
import type { KnownRules } from './rule-of-spec.js';

/** Which bars a job wants: those that opened from `from` on and before `to`. */
export interface BarsWanted {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  readonly from: Timestamp;
  readonly to: Timestamp;
}

export interface SpecBounds extends KnownRules {
  readonly now: Timestamp;
  readonly barsMax: number;
}

export const countOfBars = ({ timeframe, from, to }: Omit<BarsWanted, 'instrumentId'>): number =>
  Math.ceil((to - from) / timeframeLength[timeframe]);

/** Null: its faults are with the reader. */
export function readBarsWanted(reader: ParameterReader, { now, barsMax }: SpecBounds): BarsWanted | null {
  const before = reader.faults.length;
  const instrumentId = readInstrument(reader);
  const timeframe = reader.oneOf('timeframe', timeframes, '1m');
  const from = timeOf(reader, 'from');
  const to = timeOf(reader, 'to');
  if (from !== null && to !== null) {
    if (to <= from) reader.fault('NOT_ALLOWED', 'to', 'It ends before it begins.', 'a time after from');
    if (to > now) reader.fault('NOT_ALLOWED', 'to', 'That time is not over.', `at most ${Timestamp.toIso(now)}`);
    const bars = countOfBars({ timeframe, from, to });
    if (bars > barsMax)
      reader.fault('TOO_MANY_BARS', 'from', `That is ${bars} bars of ${timeframe}.`, `at most ${barsMax} bars`);
  }
  if (reader.faults.length > before || instrumentId === null || from === null || to === null) return null;
  return { instrumentId, timeframe, from, to };
}

/** Null: the reader was told. */
export function readInstrument(reader: ParameterReader): InstrumentId | null {
  const instrument = reader.get('instrument');
  if (typeof instrument === 'string' && InstrumentId.parse(instrument as InstrumentId) !== null)
    return instrument as InstrumentId;
  reader.fault('INSTRUMENT_UNKNOWN', 'instrument', 'That is no instrument.', 'venue:BASE-QUOTE, e.g. sim:BTC-USDT');
  return null;
}

/** A rule that was made for other bars decides by what it never was meant to see. */
export function checkTimeframe(
  reader: ParameterReader,
  rule: { readonly id: string; readonly needs: DataNeeds | null },
  timeframe: Timeframe,
): void {
  if (rule.needs === null || rule.needs.bars === timeframe) return;
  const text = `${rule.id} was made for bars of ${rule.needs.bars}.`;
  reader.fault('WRONG_TIMEFRAME', 'timeframe', text, rule.needs.bars);
}

function timeOf(reader: ParameterReader, name: string): Timestamp | null {
  const value = reader.get(name);
  const millis = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(millis) && millis > 0) return Timestamp.fromMillis(millis);
  reader.fault('NOT_A_TIME', name, 'That is no time.', 'a time of RFC 3339, e.g. 2026-12-01T00:00:00Z');
  return null;
}
