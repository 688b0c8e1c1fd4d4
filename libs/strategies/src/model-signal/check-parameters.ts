import { fail, ok, type Result, second } from '@scalpstorm/kernel';
import { type Instrument, type JsonObject, parseDecimal, Quantity } from '@scalpstorm/model';
import { checkStop } from '../scalping-cycle/check-parameters.js';
import { checkAgainstInstrument } from '../scalping-cycle/instrument-checks.js';
import { offsetDecimals, type ScalpingParameters } from '../scalping-cycle/parameters.js';
import { closesInParts } from '../scalping-cycle/parts.js';
import { readSizing } from '../sdk/read-sizing.js';
import { ParameterReader } from '../sdk/reader.js';
import type { Checked, ParameterFault } from '../sdk/strategy.js';
import { bounds, defaults, modelPattern, parameterNames } from './schema.js';
import { rateBps, signalOf } from './signal.js';

/** The cycle with its signal, and the name of the model. */
export interface ModelSignalParameters extends ScalpingParameters {
  readonly model: string;
}

/** The exit that the cycle would rest by itself lies where nobody comes: take-profit, stop-loss, time and signal close. */
const outOfReach = {
  kind: 'offset',
  offset: 5_000n * 10n ** BigInt(offsetDecimals),
  unit: 'bps',
  from: 'entry',
} as const;

/** Over what a size is reckoned by volatility. */
const sizingRange = { period: 14, interval: 60 * second } as const;

/** Checks parameters against the instrument that they are for; every fault at once. */
export function checkParameters(
  parameters: JsonObject,
  instrument: Instrument,
): Result<Checked<ModelSignalParameters>, readonly ParameterFault[]> {
  const reader = new ParameterReader({ ...defaults, ...parameters }).onlyFields(parameterNames);
  const quantity = reader.decimal('quantity', Quantity.parse);
  const sizeBy = readSizing(reader, instrument);
  const margin = bps(reader, 'marginBps');
  const slippage = bps(reader, 'slippageBps');
  const model = modelOf(reader);
  const hold = (reader.whole('holdSeconds', bounds.holdSeconds) ?? bounds.holdSeconds.absent) * second;
  const exitOnOpposite = reader.oneOf('exitOnOpposite', [true, false], true);
  const exits = { takeProfit: reader.percent('takeProfitPercent'), stopLoss: reader.percent('stopLossPercent') };
  checkStop(reader, sizeBy, exits.stopLoss);
  const pace = {
    loop: reader.oneOf('loop', [true, false], true),
    maxCycles: reader.count('maxCycles'),
    coolDown: (reader.whole('coolDownSeconds', bounds.coolDownSeconds) ?? bounds.coolDownSeconds.absent) * second,
  };
  if (quantity === null || margin === null || slippage === null) return fail(reader.faults);
  const marginBps = Number(margin) / 10 ** offsetDecimals;
  const bound: ModelSignalParameters = {
    model,
    firstSide: 'buy',
    quantity,
    sizeBy,
    buyPrice: { kind: 'offset', offset: slippage, unit: 'bps', from: 'mid' },
    sellPrice: outOfReach,
    // An entry rests on what is known now: what does not fill now is not wanted later.
    timeInForce: 'IOC',
    entryTimeout: null,
    trailing: null,
    afterStopLoss: 'continue',
    vwapWindow: 0,
    atr: sizingRange,
    signal: signalOf({ model, marginBps, hold, exitOnOpposite }),
    ...exits,
    ...pace,
  };
  checkAgainstInstrument(reader, bound, instrument);
  if (reader.faults.length > 0) return fail(reader.faults);
  return ok({ parameters: bound, warnings: warningsOf(bound, instrument) });
}

const bps = (reader: ParameterReader, name: 'marginBps' | 'slippageBps'): bigint | null =>
  reader.decimal(name, (text) => {
    const parsed = parseDecimal(text, offsetDecimals);
    return parsed.ok && parsed.value >= 0n && parsed.value < 10_000n * 10n ** BigInt(offsetDecimals)
      ? parsed
      : { ok: false };
  });

function modelOf(reader: ParameterReader): string {
  const model = reader.get('model');
  if (typeof model === 'string' && modelPattern.test(model)) return model;
  reader.fault(
    'NOT_A_MODEL',
    'model',
    `${JSON.stringify(model).slice(0, 60)} is no name of a model.`,
    'small letters, digits and hyphens, e.g. "direction"',
  );
  return defaults.model;
}

/** Allowed, but probably not meant. */
function warningsOf(parameters: ModelSignalParameters, instrument: Instrument): readonly ParameterFault[] {
  return [...profitLoses(parameters, instrument), ...closesInParts(parameters.quantity, instrument)];
}

function profitLoses({ takeProfit }: ModelSignalParameters, instrument: Instrument): readonly ParameterFault[] {
  const feesBps = 2 * rateBps(instrument.takerFeeRate);
  // 10^-4 percent are 10^-2 basis points.
  const profitBps = takeProfit === null ? null : Number(takeProfit) / 100;
  if (profitBps === null || profitBps > feesBps) return [];
  return [
    {
      code: 'LOSES_AFTER_FEES',
      field: '/takeProfitPercent',
      text: `A take-profit brings ${profitBps} bps; the fees of both orders take ${feesBps}.`,
      allowed: `more than ${feesBps} bps`,
      next: 'Raise the take-profit, unless a loss is meant.',
    },
  ];
}
