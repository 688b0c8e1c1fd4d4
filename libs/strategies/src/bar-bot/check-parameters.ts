import { fail, ok, type Result } from '@scalpstorm/kernel';
import { type Instrument, type JsonObject, Quantity, type Timeframe, timeframes } from '@scalpstorm/model';
import type { BarStrategy, ConfiguredBarStrategy } from '../bars/bar-strategy.js';
import { aboveMid, profitLoses, readBps, signalledCycle } from '../model-signal/signalled-cycle.js';
import { checkStop } from '../scalping-cycle/check-parameters.js';
import { checkAgainstInstrument } from '../scalping-cycle/instrument-checks.js';
import type { PriceSource, ScalpingParameters } from '../scalping-cycle/parameters.js';
import { closesInParts } from '../scalping-cycle/parts.js';
import { barsKept } from '../sdk/measures.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { readSizing } from '../sdk/read-sizing.js';
import { ParameterReader } from '../sdk/reader.js';
import type { Checked } from '../sdk/strategy.js';
import type { Withheld } from '../sdk/withheld.js';
import { barBotSchema, defaults } from './schema.js';

/** The cycle, and the rule that decides about it. */
export interface BarBotParameters extends ScalpingParameters {
  readonly timeframe: Timeframe;
  readonly rule: ConfiguredBarStrategy;
  /** Tells the rule from one with other parameters or of other code. */
  readonly mark: string;
  /** Null: it opens what its rule wants. */
  readonly withheld: Withheld | null;
}

/** A trailing exit follows the price from where the entry is in profit. */
const fromEntry = { kind: 'offset', offset: 0n, unit: 'bps', from: 'entry' } as const satisfies PriceSource;

/** Checks parameters against the instrument that they are for; every fault at once. */
export function checkParameters(
  strategy: BarStrategy,
  parameters: JsonObject,
  instrument: Instrument,
): Result<Checked<BarBotParameters>, readonly ParameterFault[]> {
  const names = Object.keys(barBotSchema(strategy)['properties'] as JsonObject);
  const reader = new ParameterReader({ ...defaults, ...parameters }).onlyFields(names);
  const rule = readRule(strategy, reader);
  const timeframe = reader.oneOf('timeframe', timeframes, defaults.timeframe);
  if (rule?.needs && rule.needs.bars !== timeframe) {
    const text = `${strategy.id} was made for bars of ${rule.needs.bars}, not of ${timeframe}.`;
    reader.fault('WRONG_TIMEFRAME', 'timeframe', text, rule.needs.bars);
  }
  const quantity = reader.decimal('quantity', Quantity.parse);
  const sizeBy = readSizing(reader, instrument);
  const slippage = readBps(reader, 'slippageBps');
  const trailing = reader.percent('trailingPercent');
  const exits = {
    takeProfit: reader.percent('takeProfitPercent'),
    stopLoss: reader.percent('stopLossPercent'),
    trailing,
  };
  checkStop(reader, sizeBy, exits.stopLoss);
  const pace = { loop: reader.oneOf('loop', [true, false], true), maxCycles: reader.count('maxCycles'), coolDown: 0 };
  if (quantity === null || slippage === null || rule === null) return fail(reader.faults);
  const bound: BarBotParameters = {
    ...signalledCycle,
    ...(trailing !== null && { sellPrice: fromEntry }),
    quantity,
    sizeBy,
    buyPrice: aboveMid(slippage),
    ...exits,
    ...pace,
    timeframe,
    rule,
    mark: JSON.stringify([strategy.id, timeframe, rule.parameters, ...(rule.code === undefined ? [] : [rule.code])]),
    withheld: null,
  };
  checkAgainstInstrument(reader, bound, instrument);
  if (reader.faults.length > 0) return fail(reader.faults);
  return ok({
    parameters: bound,
    warnings: [...profitLoses(bound, instrument), ...closesInParts(bound.quantity, instrument)],
  });
}

/** The rule's own parameters, bound; null, and faults, where they are none. */
function readRule(strategy: BarStrategy, reader: ParameterReader): ConfiguredBarStrategy | null {
  const given = Object.keys(strategy.parameters).flatMap((name) => {
    const value = reader.get(name);
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  const read = strategy.configure(Object.fromEntries(given));
  if (!read.ok) {
    reader.faults.push(...read.error);
    return null;
  }
  if (read.value.warmUp < barsKept) return read.value;
  const [longest = ''] = Object.entries(read.value.parameters)
    .filter(([, value]) => typeof value === 'number')
    .toSorted(([, left], [, right]) => Number(right) - Number(left))
    .map(([name]) => name);
  const text = `It would warm up on ${read.value.warmUp} bars; ${barsKept} are kept.`;
  reader.fault('WARM_UP_TOO_LONG', longest, text, `periods that need fewer than ${barsKept} bars, or longer bars`);
  return null;
}
