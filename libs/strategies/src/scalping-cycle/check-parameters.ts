import { fail, type Micros, ok, type Result, second } from '@scalpstorm/kernel';
import { type Instrument, type JsonObject, Price, parseDecimal, Quantity, sides } from '@scalpstorm/model';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { readSizing, type SizingRule } from '../sdk/read-sizing.js';
import { isObject, ParameterReader, shown } from '../sdk/reader.js';
import type { Checked } from '../sdk/strategy.js';
import { checkAgainstInstrument } from './instrument-checks.js';
import { checkOffsets } from './offset-checks.js';
import { offsetDecimals, type PriceSource, type ScalpingParameters } from './parameters.js';
import {
  afterStopLossChoices,
  bounds,
  entryTimesInForce,
  offsetStarts,
  offsetUnits,
  parameterNames,
} from './schema.js';
import { warningsOf } from './warnings.js';

/**
 * Checks parameters against the instrument that they are for; every fault at once.
 * @param lastPrice null: what is wrong only at some prices is not found
 */
export function checkParameters(
  parameters: JsonObject,
  instrument: Instrument,
  lastPrice: Price | null = null,
): Result<Checked<ScalpingParameters>, readonly ParameterFault[]> {
  const reader = new ParameterReader(parameters).onlyFields(parameterNames);
  const firstSide = reader.oneOf('firstSide', sides, 'buy');
  const pace = readPace(reader);
  const exits = readExits(reader);
  const measured = readMeasured(reader);
  checkLeverage(reader);
  const quantity = reader.decimal('quantity', Quantity.parse);
  const sizeBy = readSizing(reader, instrument);
  checkStop(reader, sizeBy, exits.stopLoss);
  const buyPrice = priceSource(reader, 'buyPrice', firstSide === 'sell');
  const sellPrice = priceSource(reader, 'sellPrice', firstSide === 'buy');
  if (quantity === null || buyPrice === null || sellPrice === null) return fail(reader.faults);
  const bound = { firstSide, quantity, sizeBy, buyPrice, sellPrice, ...pace, ...exits, ...measured };
  checkOffsets(reader, bound, instrument, lastPrice);
  checkAgainstInstrument(reader, bound, instrument, lastPrice);
  if (reader.faults.length > 0) return fail(reader.faults);
  return ok({ parameters: bound, warnings: warningsOf(bound, instrument, lastPrice) });
}

/** A size that is reckoned from the stop needs one. */
export function checkStop(reader: ParameterReader, { sizing }: SizingRule, stopLoss: bigint | null): void {
  if (sizing.kind !== 'risk' || stopLoss !== null) return;
  const text = 'The size is reckoned from the distance to the stop, and there is none.';
  reader.fault('SIZING_NEEDS_STOP', 'stopLossPercent', text, 'a stop-loss, e.g. "1.5", or another sizing');
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
  const value = reader.get('leverage') ?? null;
  if (value === null || value === 1) return;
  const counts = typeof value === 'number' && Number.isSafeInteger(value) && value > 1;
  const code = counts ? 'LEVERAGE_NOT_ON_SPOT' : 'NOT_A_COUNT';
  reader.fault(code, 'leverage', `Leverage ${shown(value)} is not possible: a spot market has only 1.`, '1');
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
