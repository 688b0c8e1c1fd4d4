import { type BarMarket, type BarSize, checkMarket, type Slippage } from '@scalpstorm/backtest';
import type { Refusal } from '@scalpstorm/contracts';
import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import {
  InstrumentId,
  type Json,
  type JsonObject,
  type Timeframe,
  timeframeLength,
  timeframes,
} from '@scalpstorm/model';
import { barStrategies, ParameterReader } from '@scalpstorm/strategies';

/** Which bars a job wants: those that opened from `from` on and before `to`. */
export interface BarsWanted {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** What a backtest is, whole and checked. */
export interface BacktestSpec {
  readonly strategy: string;
  /** With every default filled in. */
  readonly parameters: JsonObject;
  readonly bars: BarsWanted;
  readonly market: BarMarket;
  /** By the strategy's kernel. */
  readonly fast: boolean;
}

export interface SpecBounds {
  readonly now: Timestamp;
  readonly barsMax: number;
}

const fields = [
  'strategy',
  'parameters',
  'instrument',
  'timeframe',
  'from',
  'to',
  'cash',
  'size',
  'feeBps',
  'makerFeeBps',
  'spreadBps',
  'slippage',
  'liquidityShare',
  'path',
  'fast',
] as const;
const paths = ['stop-first', 'take-profit-first'] as const;
const fee = 10;

/** Every fault at once, at the field that is to blame. Only strategies of the platform: a job names no file. */
export function readBacktestSpec(given: JsonObject, bounds: SpecBounds): Result<BacktestSpec, readonly Refusal[]> {
  const reader = new ParameterReader(given).onlyFields(fields);
  const configured = strategyOf(reader);
  const bars = barsOf(reader, bounds);
  const market = marketOf(reader);
  const fast = reader.oneOf('fast', [false, true], false);
  if (fast && configured !== null && configured.kernel === null)
    reader.fault('NO_FAST_PATH', 'fast', `${configured.id} decides by what it holds, so it has no fast path.`, 'false');
  if (reader.faults.length > 0 || configured === null || bars === null || market === null) return fail(reader.faults);
  return ok({ strategy: configured.id, parameters: configured.parameters, bars, market, fast });
}

function strategyOf(reader: ParameterReader) {
  const id = reader.get('strategy');
  const strategy = typeof id === 'string' ? barStrategies.get(id) : undefined;
  if (strategy === undefined) {
    reader.fault(
      'UNKNOWN_STRATEGY',
      'strategy',
      'There is no such strategy of bars.',
      [...barStrategies.keys()].join(', '),
    );
    return null;
  }
  const parameters = reader.get('parameters') ?? {};
  if (!isObject(parameters)) {
    reader.fault('WRONG_TYPE', 'parameters', 'The parameters are no object.', 'an object');
    return null;
  }
  const configured = strategy.configure(parameters);
  if (configured.ok) return configured.value;
  const faults = configured.error.map((fault) => ({ ...fault, field: `/parameters${fault.field}` }));
  reader.faults.push(...faults);
  return null;
}

function barsOf(reader: ParameterReader, { now, barsMax }: SpecBounds): BarsWanted | null {
  const before = reader.faults.length;
  const instrument = reader.get('instrument');
  if (typeof instrument !== 'string' || InstrumentId.parse(instrument as InstrumentId) === null)
    reader.fault('INSTRUMENT_UNKNOWN', 'instrument', 'That is no instrument.', 'venue:BASE-QUOTE, e.g. sim:BTC-USDT');
  const timeframe = reader.oneOf('timeframe', timeframes, '1m');
  const from = timeOf(reader, 'from');
  const to = timeOf(reader, 'to');
  if (from !== null && to !== null) {
    if (to <= from) reader.fault('NOT_ALLOWED', 'to', 'It ends before it begins.', 'a time after from');
    if (to > now) reader.fault('NOT_ALLOWED', 'to', 'That time is not over.', `at most ${Timestamp.toIso(now)}`);
    const bars = Math.ceil((to - from) / timeframeLength[timeframe]);
    if (bars > barsMax)
      reader.fault('TOO_MANY_BARS', 'from', `That is ${bars} bars of ${timeframe}.`, `at most ${barsMax} bars`);
  }
  if (reader.faults.length > before || from === null || to === null) return null;
  return { instrumentId: instrument as InstrumentId, timeframe, from, to };
}

function timeOf(reader: ParameterReader, name: string): Timestamp | null {
  const value = reader.get(name);
  const millis = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(millis) && millis > 0) return Timestamp.fromMillis(millis);
  reader.fault('NOT_A_TIME', name, 'That is no time.', 'a time of RFC 3339, e.g. 2026-12-01T00:00:00Z');
  return null;
}

function marketOf(reader: ParameterReader): BarMarket | null {
  const before = reader.faults.length;
  const takerFeeBps = numberOf(reader, 'feeBps', fee);
  const share = reader.get('liquidityShare') ?? null;
  const market: BarMarket = {
    cash: numberOf(reader, 'cash', 10_000),
    size: sizeOf(reader),
    takerFeeBps,
    makerFeeBps: numberOf(reader, 'makerFeeBps', takerFeeBps),
    spreadBps: numberOf(reader, 'spreadBps', 0),
    slippage: slippageOf(reader),
    liquidityShare: share === null ? null : numberOf(reader, 'liquidityShare', 1),
    path: reader.oneOf('path', paths, 'stop-first'),
  };
  const checked = checkMarket(market);
  if (checked.ok) return reader.faults.length > before ? null : market;
  const { code, text, next } = checked.error;
  reader.faults.push({ code, field: '', text, allowed: '', next });
  return null;
}

function numberOf(reader: ParameterReader, name: string, absent: number): number {
  const value = reader.get(name) ?? absent;
  if (typeof value === 'number') return value;
  reader.fault('WRONG_TYPE', name, 'That is no number.', 'a number');
  return absent;
}

const sizeForms = '{"kind":"all-in"}, or kind fraction, quantity or cash with a value';

function sizeOf(reader: ParameterReader): BarSize {
  const { kind, value } = kindOf(reader.get('size') ?? { kind: 'all-in' });
  if (kind === 'all-in' && value === null) return { kind };
  if (kind === 'fraction' && value !== null) return { kind, of: value };
  if (kind === 'quantity' && value !== null) return { kind, quantity: value };
  if (kind === 'cash' && value !== null) return { kind, amount: value };
  reader.fault('NOT_ALLOWED', 'size', 'That is no size of an entry.', sizeForms);
  return { kind: 'all-in' };
}

const slippageForms = '{"kind":"none"}, or kind fixed, volatility or square-root with a value';

function slippageOf(reader: ParameterReader): Slippage {
  const { kind, value } = kindOf(reader.get('slippage') ?? { kind: 'none' });
  if (kind === 'none' && value === null) return { kind };
  if (kind === 'fixed' && value !== null) return { kind, bps: value };
  if ((kind === 'volatility' || kind === 'square-root') && value !== null) return { kind, factor: value };
  reader.fault('NOT_ALLOWED', 'slippage', 'That is no slippage.', slippageForms);
  return { kind: 'none' };
}

function kindOf(given: Json): { readonly kind: Json; readonly value: number | null } {
  if (!isObject(given)) return { kind: null, value: null };
  const { kind = null, value = null } = given;
  return { kind, value: typeof value === 'number' ? value : null };
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
