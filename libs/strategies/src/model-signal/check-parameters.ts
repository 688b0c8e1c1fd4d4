import { fail, ok, type Result, second } from '@scalpstorm/kernel';
import { type Instrument, type JsonObject, Quantity } from '@scalpstorm/model';
import { checkStop } from '../scalping-cycle/check-parameters.js';
import { checkAgainstInstrument } from '../scalping-cycle/instrument-checks.js';
import { offsetDecimals, type ScalpingParameters } from '../scalping-cycle/parameters.js';
import { closesInParts } from '../scalping-cycle/parts.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { readSizing } from '../sdk/read-sizing.js';
import { ParameterReader } from '../sdk/reader.js';
import type { Checked } from '../sdk/strategy.js';
import { bounds, defaults, modelPattern, parameterNames } from './schema.js';
import { signalOf } from './signal.js';
import { aboveMid, profitLoses, readBps, signalledCycle } from './signalled-cycle.js';

/** The cycle with its signal, and the name of the model. */
export interface ModelSignalParameters extends ScalpingParameters {
  readonly model: string;
}

/** Checks parameters against the instrument that they are for; every fault at once. */
export function checkParameters(
  parameters: JsonObject,
  instrument: Instrument,
): Result<Checked<ModelSignalParameters>, readonly ParameterFault[]> {
  const reader = new ParameterReader({ ...defaults, ...parameters }).onlyFields(parameterNames);
  const quantity = reader.decimal('quantity', Quantity.parse);
  const sizeBy = readSizing(reader, instrument);
  const margin = readBps(reader, 'marginBps');
  const slippage = readBps(reader, 'slippageBps');
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
    ...signalledCycle,
    model,
    quantity,
    sizeBy,
    buyPrice: aboveMid(slippage),
    signal: signalOf({ model, marginBps, hold, exitOnOpposite }),
    ...exits,
    ...pace,
  };
  checkAgainstInstrument(reader, bound, instrument);
  if (reader.faults.length > 0) return fail(reader.faults);
  return ok({ parameters: bound, warnings: warningsOf(bound, instrument) });
}

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
