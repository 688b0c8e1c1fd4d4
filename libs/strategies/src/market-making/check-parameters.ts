import { fail, ok, type Result, second } from '@scalpstorm/kernel';
import {
  checkFilters,
  type Instrument,
  type JsonObject,
  Money,
  notional,
  Price,
  parseDecimal,
  Quantity,
} from '@scalpstorm/model';
import { rateBps } from '../model-signal/signalled-cycle.js';
import { afterBaseFee, beforeBaseFee } from '../scalping-cycle/instrument-checks.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { ParameterReader } from '../sdk/reader.js';
import type { Checked } from '../sdk/strategy.js';
import type { QuotingRule } from './quotes.js';
import { bounds, defaults, parameterNames } from './schema.js';

export interface MarketMakingParameters {
  readonly quantity: Quantity;
  readonly lots: number;
  readonly rule: QuotingRule;
  readonly refresh: number;
  readonly toleranceBps: number;
  /** In 10^-4 percent; null: none. */
  readonly stopLoss: bigint | null;
  readonly atrPeriod: number;
}

/** Checks parameters against the instrument that they are for; every fault at once. */
export function checkParameters(
  given: JsonObject,
  instrument: Instrument,
  lastPrice: Price | null = null,
): Result<Checked<MarketMakingParameters>, readonly ParameterFault[]> {
  const reader = new ParameterReader({ ...defaults, ...given }).onlyFields(parameterNames);
  const quantity = reader.decimal('quantity', Quantity.parse);
  const whole = (name: keyof typeof bounds): number => reader.whole(name, bounds[name]) ?? bounds[name].absent;
  const spreadMinBps = 2 * rateBps(instrument.makerFeeRate) + numberOf(reader, 'marginBps', 0);
  const rule: QuotingRule = {
    gamma: numberOf(reader, 'gamma'),
    kappa: numberOf(reader, 'kappa'),
    horizonSeconds: whole('horizonSeconds'),
    atrSeconds: whole('atrSeconds'),
    spreadMinBps,
    spreadMaxBps: numberOf(reader, 'spreadMaxBps'),
  };
  const rest = {
    lots: whole('lots'),
    refresh: whole('refreshSeconds') * second,
    toleranceBps: numberOf(reader, 'toleranceBps', 0),
    stopLoss: reader.percent('stopLossPercent'),
    atrPeriod: whole('atrPeriod'),
  };
  checkSpread(reader, rule);
  if (quantity !== null) checkLot(reader, quantity, { instrument, lastPrice });
  if (quantity === null || reader.faults.length > 0) return fail(reader.faults);
  const warnings = nearMinimum(quantity, { instrument, lastPrice });
  return ok({ parameters: { quantity, rule, ...rest }, warnings });
}

/** A lot is offered at what the market pays, whatever it has cost: by so much it may have fallen and still be sold. */
const fallPercent = 10n;

function nearMinimum(quantity: Quantity, { instrument, lastPrice }: At): readonly ParameterFault[] {
  if (lastPrice === null) return [];
  const { base, quote, venue, notionalMin } = instrument;
  const worth = notional(lastPrice, afterBaseFee(quantity, instrument), quote).amount;
  if ((worth * (100n - fallPercent)) / 100n >= notionalMin.amount) return [];
  const least = `${Money.format(notionalMin)} ${quote}`;
  return [
    {
      code: 'LOT_NEAR_MINIMUM',
      field: '/quantity',
      text:
        `After a fall of ${fallPercent} % a lot of ${Quantity.format(quantity)} ${base} is worth less than the ${least} that ${venue} takes ` +
        'in one order: it could not be sold by itself until the price is back.',
      allowed: `a lot worth more than ${least} after a fall`,
      next: 'Raise the lot and take fewer of them.',
    },
  ];
}

/** A statistic, from an exact text; above zero, or not below `least`. */
function numberOf(reader: ParameterReader, name: keyof typeof defaults, least = 0.000_001): number {
  const units = reader.decimal(name, (text) => {
    const parsed = parseDecimal(text, 6);
    return parsed.ok && Number(parsed.value) / 1e6 >= least && parsed.value < 10_000n * 10n ** 6n
      ? parsed
      : { ok: false };
  });
  return Number(units ?? 1n) / 1e6;
}

function checkSpread(reader: ParameterReader, { spreadMinBps, spreadMaxBps }: QuotingRule): void {
  if (reader.faults.length > 0 || spreadMaxBps >= spreadMinBps) return;
  const least = spreadMinBps.toFixed(4).replace(/\.?0+$/, '');
  const text = `A spread of at most ${spreadMaxBps} bps is less than both maker fees and the margin, ${least} bps: each pair would lose.`;
  reader.fault('SPREAD_BELOW_FEES', 'spreadMaxBps', text, `at least ${least}`);
}

interface At {
  readonly instrument: Instrument;
  readonly lastPrice: Price | null;
}

/** A lot must be enough to be sold after a fee in base was taken of it. */
function checkLot(reader: ParameterReader, quantity: Quantity, { instrument, lastPrice }: At): void {
  const { tickSize, priceMax } = instrument;
  const price = Price.floorTo(lastPrice ?? priceMax, tickSize);
  const open = { ...instrument, status: 'trading' } as const;
  const bought = checkFilters(open, price, quantity);
  const checked = bought.ok ? checkFilters(open, price, afterBaseFee(quantity, instrument)) : bought;
  if (checked.ok) return;
  const { code, limit, suggestion } = checked.error;
  const text = `A lot of ${Quantity.format(quantity)} ${instrument.base} at ${Price.format(price)} is refused by the venue, whose limit is ${limit}.`;
  reader.fault(code, 'quantity', text, beforeBaseFee(suggestion, instrument));
}
