import { fail, type Micros, ok, type Result, second } from '@scalpstorm/kernel';
import {
  type Instrument,
  type JsonObject,
  Price,
  parseDecimal,
  Quantity,
  type Side,
  sides,
  type TimeInForce,
} from '@scalpstorm/model';
import type { AtrWish, MeasureWish } from '../sdk/measures.js';
import { isObject, ParameterReader } from '../sdk/reader.js';
import type { Checked, ParameterFault } from '../sdk/strategy.js';
import { checkAgainstInstrument, warningsOf } from './parameter-checks.js';
import {
  afterStopLossChoices,
  bounds,
  entryTimesInForce,
  offsetStarts,
  offsetUnits,
  parameterNames,
} from './schema.js';

/** Signed; in 10^-6 ticks, basis points or average true ranges. */
export const offsetDecimals = 6;

export type PriceSource =
  | { readonly kind: 'fixed'; readonly price: Price }
  | {
      readonly kind: 'offset';
      readonly offset: bigint;
      readonly unit: (typeof offsetUnits)[number];
      /** `entry`: the average fill price of the other leg. */
      readonly from: (typeof offsetStarts)[number];
    };

export interface ScalpingParameters {
  readonly firstSide: Side;
  readonly quantity: Quantity;
  readonly buyPrice: PriceSource;
  readonly sellPrice: PriceSource;
  readonly loop: boolean;
  /** Cycles of one run; null: no end. */
  readonly maxCycles: number | null;
  /** Of orders with a price; an exit at the market has none. */
  readonly timeInForce: TimeInForce;
  /** In 10^-4 percent; null: not wanted. */
  readonly trailing: bigint | null;
  readonly stopLoss: bigint | null;
  readonly takeProfit: bigint | null;
  readonly afterStopLoss: (typeof afterStopLossChoices)[number];
  readonly coolDown: Micros;
  /** Null: an entry waits as long as it takes. */
  readonly entryTimeout: Micros | null;
  readonly vwapWindow: Micros;
  readonly atr: AtrWish;
}

/** Checks parameters against the instrument that they are for; every fault at once. */
export function checkParameters(
  parameters: JsonObject,
  instrument: Instrument,
): Result<Checked<ScalpingParameters>, readonly ParameterFault[]> {
  const reader = new ParameterReader(parameters).onlyFields(parameterNames);
  const firstSide = reader.oneOf('firstSide', sides, 'buy');
  const pace = readPace(reader);
  const exits = readExits(reader);
  const measured = readMeasured(reader);
  checkLeverage(reader);
  const quantity = reader.decimal('quantity', Quantity.parse);
  const buyPrice = priceSource(reader, 'buyPrice', firstSide === 'sell');
  const sellPrice = priceSource(reader, 'sellPrice', firstSide === 'buy');
  if (quantity === null || buyPrice === null || sellPrice === null) return fail(reader.faults);
  const bound = { firstSide, quantity, buyPrice, sellPrice, ...pace, ...exits, ...measured };
  checkAgainstInstrument(reader, bound, instrument);
  if (reader.faults.length > 0) return fail(reader.faults);
  return ok({ parameters: bound, warnings: warningsOf(bound, instrument) });
}

/** Only what the prices count from is kept for the bot. */
export function measuresOf({ buyPrice, sellPrice, vwapWindow, atr }: ScalpingParameters): MeasureWish {
  const offsets = [buyPrice, sellPrice].filter((source) => source.kind === 'offset');
  return {
    vwapWindow: offsets.some(({ from }) => from === 'vwap') ? vwapWindow : null,
    atr: offsets.some(({ unit }) => unit === 'atr') ? atr : null,
  };
}

function readPace(reader: ParameterReader) {
  const entryTimeout = reader.whole('entryTimeoutSeconds', bounds.entryTimeoutSeconds);
  return {
    loop: reader.oneOf('loop', [true, false], true),
    maxCycles: reader.count('maxCycles'),
    timeInForce: reader.oneOf('timeInForce', entryTimesInForce, 'GTC'),
    coolDown: secondsOf(reader, 'coolDownSeconds'),
    entryTimeout: entryTimeout === null ? null : entryTimeout * second,
  };
}

function readExits(reader: ParameterReader) {
  return {
    trailing: reader.percent('trailingPercent'),
    stopLoss: reader.percent('stopLossPercent'),
    takeProfit: reader.percent('takeProfitPercent'),
    afterStopLoss: reader.oneOf('afterStopLoss', afterStopLossChoices, 'continue'),
  };
}

function readMeasured(reader: ParameterReader) {
  const period = reader.whole('atrPeriod', bounds.atrPeriod) ?? bounds.atrPeriod.absent;
  return { vwapWindow: secondsOf(reader, 'vwapSeconds'), atr: { period, interval: secondsOf(reader, 'atrSeconds') } };
}

function secondsOf(reader: ParameterReader, name: 'vwapSeconds' | 'atrSeconds' | 'coolDownSeconds'): Micros {
  return (reader.whole(name, bounds[name]) ?? bounds[name].absent) * second;
}

function checkLeverage(reader: ParameterReader): void {
  const leverage = reader.count('leverage');
  if (leverage === null || leverage === 1) return;
  reader.fault('LEVERAGE_NOT_ON_SPOT', 'leverage', `${leverage} times is not possible on a spot market.`, '1');
}

function priceSource(reader: ParameterReader, name: string, closes: boolean): PriceSource | null {
  const value = reader.get(name);
  if (!isObject(value)) {
    const allowed = '{"fixed":"61800.10"} or {"offset":"-3","unit":"ticks","from":"last"}';
    reader.fault(value === undefined ? 'MISSING' : 'NOT_A_PRICE', name, `${name} is no price.`, allowed);
    return null;
  }
  const inner = new ParameterReader(value, `/${name}`);
  const before = reader.faults.length;
  const source = 'fixed' in value ? fixedPrice(inner) : offsetPrice(inner, closes);
  reader.faults.push(...inner.faults);
  return reader.faults.length === before ? source : null;
}

function fixedPrice(inner: ParameterReader): PriceSource | null {
  const price = inner.onlyFields(['fixed']).decimal('fixed', Price.parse);
  return price === null ? null : { kind: 'fixed', price };
}

function offsetPrice(inner: ParameterReader, closes: boolean): PriceSource | null {
  inner.onlyFields(['offset', 'unit', 'from', 'fixed']);
  const offset = inner.decimal('offset', (text) => parseDecimal(text, offsetDecimals));
  const unit = inner.oneOf('unit', offsetUnits, 'ticks');
  const from = inner.oneOf('from', offsetStarts, 'last');
  if (from === 'entry' && !closes) {
    inner.fault('ENTRY_NOT_YET_KNOWN', 'from', 'The first leg has no entry to count from.', 'last, mid, vwap');
  }
  return offset === null ? null : { kind: 'offset', offset, unit, from };
}
