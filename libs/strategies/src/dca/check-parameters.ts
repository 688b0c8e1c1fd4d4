import { fail, ok, type Result, second } from '@scalpstorm/kernel';
import { checkFilters, type Instrument, type JsonObject, Price, parseDecimal, Quantity } from '@scalpstorm/model';
import type { ScalpingParameters } from '../scalping-cycle/parameters.js';
import { offsetDecimals } from '../scalping-cycle/parameters.js';
import { closesInParts } from '../scalping-cycle/parts.js';
import { moved } from '../scalping-cycle/pricing.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { fixedSize } from '../sdk/read-sizing.js';
import { hundredPercent, ParameterReader } from '../sdk/reader.js';
import type { Checked } from '../sdk/strategy.js';
import { planOf } from './plan.js';
import { bounds, defaults, parameterNames } from './schema.js';
import { levelOf, type Step, stepsOf } from './steps.js';

/** Checks parameters against the instrument that they are for; every fault at once. */
export function checkParameters(
  given: JsonObject,
  instrument: Instrument,
  lastPrice: Price | null = null,
): Result<Checked<ScalpingParameters>, readonly ParameterFault[]> {
  const reader = new ParameterReader({ ...defaults, ...given }).onlyFields(parameterNames);
  const quantity = reader.decimal('quantity', Quantity.parse);
  const safetyQuantity = isGiven(reader, 'safetyQuantity')
    ? reader.decimal('safetyQuantity', Quantity.parse)
    : quantity;
  const startPrice = isGiven(reader, 'startPrice') ? reader.decimal('startPrice', Price.parse) : null;
  const safetyOrders = reader.whole('safetyOrders', bounds.safetyOrders) ?? bounds.safetyOrders.absent;
  const deviation = reader.percent('deviationPercent');
  const [stepScale, volumeScale] = [scaleOf(reader, 'stepScale'), scaleOf(reader, 'volumeScale')];
  const takeProfit = reader.percent('takeProfitPercent');
  const stopLoss = reader.percent('stopLossPercent');
  const pace = {
    loop: reader.oneOf('loop', [true, false], true),
    maxCycles: reader.count('maxCycles'),
    coolDown: (reader.whole('coolDownSeconds', bounds.coolDownSeconds) ?? bounds.coolDownSeconds.absent) * second,
  };
  for (const name of ['deviationPercent', 'takeProfitPercent'] as const) needed(reader, name);
  if (reader.faults.length > 0 || quantity === null || safetyQuantity === null) return fail(reader.faults);
  if (deviation === null || takeProfit === null) return fail(reader.faults);
  const rule = { quantity, safetyQuantity, safetyOrders, deviation, stepScale, volumeScale };
  const steps = stepsOf(rule, instrument.stepSize);
  checkDepth(reader, steps);
  if (reader.faults.length === 0) checkOrders(reader, { steps, price: startPrice ?? lastPrice }, instrument);
  if (reader.faults.length > 0) return fail(reader.faults);
  const target = 10n ** BigInt(offsetDecimals - 2) * takeProfit;
  const bound: ScalpingParameters = {
    firstSide: 'buy',
    quantity,
    sizeBy: fixedSize,
    buyPrice: { kind: 'offset', offset: 0n, unit: 'bps', from: 'mid' },
    sellPrice: { kind: 'offset', offset: target, unit: 'bps', from: 'entry' },
    timeInForce: 'GTC',
    trailing: null,
    stopLoss,
    takeProfit: null,
    afterStopLoss: 'continue',
    entryTimeout: null,
    vwapWindow: 0,
    atr: { period: 14, interval: 60 * second },
    plan: planOf({ steps, startPrice, takeProfit }),
    ...pace,
  };
  return ok({ parameters: bound, warnings: warningsOf({ steps, takeProfit, stopLoss }, instrument) });
}

const isGiven = (reader: ParameterReader, name: string): boolean => (reader.get(name) ?? null) !== null;

function needed(reader: ParameterReader, name: 'deviationPercent' | 'takeProfitPercent'): void {
  if (isGiven(reader, name)) return;
  reader.fault('MISSING', name, `${name} is needed.`, `a percentage in quotes, e.g. "${defaults[name]}"`);
}

function scaleOf(reader: ParameterReader, name: 'stepScale' | 'volumeScale'): bigint {
  const scale = reader.decimal(name, (text) => {
    const parsed = parseDecimal(text, 4);
    return parsed.ok && parsed.value > 0n && parsed.value < 100n * 10n ** 4n ? parsed : { ok: false };
  });
  return scale ?? 1n;
}

/** A price that has lost all of itself is none. */
function checkDepth(reader: ParameterReader, steps: readonly Step[]): void {
  const tooDeep = steps.findIndex(({ deviation }) => deviation >= hundredPercent);
  if (tooDeep < 0) return;
  const text = `Safety order ${tooDeep} would be 100 % or more below the base order.`;
  reader.fault('DEVIATION_TOO_DEEP', 'safetyOrders', text, `at most ${tooDeep - 1} safety orders, or smaller steps`);
}

interface Planned {
  readonly steps: readonly Step[];
  /** Of the base order; null: not known. */
  readonly price: Price | null;
}

/** What the venue would refuse; of the value of an order only where its price is known. */
function checkOrders(reader: ParameterReader, { steps, price }: Planned, instrument: Instrument): void {
  const open = { ...instrument, status: 'trading' } as const;
  for (const [index, step] of steps.entries()) {
    const at =
      price === null
        ? Price.floorTo(instrument.priceMax, instrument.tickSize)
        : levelOf(step, price, instrument.tickSize);
    const checked = checkFilters(open, at, step.quantity);
    if (checked.ok) continue;
    const { code, field, limit, suggestion } = checked.error;
    const name = field === 'price' ? 'startPrice' : index === 0 ? 'quantity' : 'safetyQuantity';
    const what = index === 0 ? 'The base order' : `Safety order ${index}`;
    const text = `${what} of ${Quantity.format(step.quantity)} ${instrument.base} at ${Price.format(at)} is refused by the venue, whose limit is ${limit}.`;
    reader.fault(code, name, text, suggestion);
    return;
  }
}

interface Judged {
  readonly steps: readonly Step[];
  readonly takeProfit: bigint;
  readonly stopLoss: bigint | null;
}

/** Allowed, but probably not meant. */
function warningsOf({ steps, takeProfit, stopLoss }: Judged, instrument: Instrument): readonly ParameterFault[] {
  const rate = parseDecimal(instrument.makerFeeRate, 12);
  // A rate counts 10^-12, a percentage 10^-6 of the whole.
  const fees = rate.ok ? (2n * rate.value) / 10n ** 6n : 0n;
  const late = stopLoss === null ? null : beyondStop(steps, stopLoss);
  return [
    ...(takeProfit <= fees ? [profitLoses(takeProfit, fees)] : []),
    ...(late === null ? [] : [stopsBefore(late)]),
    ...closesInParts(steps.at(-1)?.upTo ?? Quantity.zero, instrument),
  ];
}

/** The first safety order at whose level the stop has closed everything; by a base order at a price of one. */
function beyondStop(steps: readonly Step[], stopLoss: bigint): number | null {
  const one = Price.of('1000');
  let [cost, base] = [0n, 0n];
  for (const [index, step] of steps.entries()) {
    const level = (one * (hundredPercent - step.deviation)) / hundredPercent;
    if (index > 0 && moved(Price.fromUnits(cost / base), stopLoss, false, 'sell') >= level) return index;
    cost += level * step.quantity;
    base += step.quantity;
  }
  return null;
}

const shown = (percent: bigint): string => String(Number(percent) / 10_000);

const profitLoses = (profit: bigint, fees: bigint): ParameterFault => ({
  code: 'LOSES_AFTER_FEES',
  field: '/takeProfitPercent',
  text: `The take-profit lies ${shown(profit)} % above the average; the fees of both sides take ${shown(fees)} %.`,
  allowed: `more than ${shown(fees)}`,
  next: 'Raise the take-profit, unless a loss is meant.',
});

const stopsBefore = (order: number): ParameterFault => ({
  code: 'STOP_BEFORE_SAFETY_ORDER',
  field: '/stopLossPercent',
  text: `The stop-loss closes everything before safety order ${order} is reached.`,
  allowed: 'a stop-loss below the last safety order',
  next: 'Move the stop-loss further away, or take fewer safety orders.',
});
