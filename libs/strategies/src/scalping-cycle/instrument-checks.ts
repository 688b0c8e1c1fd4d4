import { checkFilters, formatDecimal, type Instrument, Price, parseDecimal, Quantity } from '@scalpstorm/model';
import type { ParameterReader } from '../sdk/reader.js';
import type { ParameterFault } from '../sdk/strategy.js';
import { offsetDecimals, type ScalpingParameters } from './parameters.js';

/** What the venue's filters would refuse, and what can not earn. */
export function checkAgainstInstrument(
  reader: ParameterReader,
  parameters: ScalpingParameters,
  instrument: Instrument,
): void {
  const { buyPrice, sellPrice, quantity, firstSide } = parameters;
  for (const [name, source] of [['buyPrice', buyPrice] as const, ['sellPrice', sellPrice] as const]) {
    const opens = (name === 'buyPrice') === (firstSide === 'buy');
    const amount = opens || firstSide === 'sell' ? quantity : afterBaseFee(quantity, instrument);
    checkOrder(reader, source.kind === 'fixed' ? { name, price: source.price } : null, amount, instrument);
  }
  if (buyPrice.kind === 'fixed' && sellPrice.kind === 'fixed' && sellPrice.price <= buyPrice.price) {
    const least = Price.format(Price.plus(buyPrice.price, instrument.tickSize));
    const text = `Selling at ${Price.format(sellPrice.price)} is not above buying at ${Price.format(buyPrice.price)}.`;
    reader.fault('SELL_BELOW_BUY', 'sellPrice/fixed', text, `at least ${least}`);
  }
}

/** What a buy leaves to sell: the venue may take its fee out of what was bought. */
function afterBaseFee(quantity: Quantity, instrument: Instrument): Quantity {
  const rate = parseDecimal(instrument.takerFeeRate, 12);
  const left = quantity - (quantity * (rate.ok ? rate.value : 0n)) / 10n ** 12n;
  return Quantity.floorTo(Quantity.fromUnits(left), instrument.stepSize);
}

/** A filter that an order of this form would break. A price that is not known yet is not judged. */
function checkOrder(
  reader: ParameterReader,
  fixed: { readonly name: string; readonly price: Price } | null,
  quantity: Quantity,
  instrument: Instrument,
): void {
  const open = { ...instrument, status: 'trading' } as const;
  const highest = Price.floorTo(instrument.priceMax, instrument.tickSize);
  const checked = checkFilters(open, fixed?.price ?? highest, quantity);
  if (checked.ok) return;
  const { code, field, value, limit, suggestion } = checked.error;
  const name = field === 'price' ? `${fixed?.name ?? 'buyPrice'}/fixed` : 'quantity';
  if (reader.faults.some((known) => known.field === `/${name}`)) return;
  const text = `The venue does not take ${field} ${value} (${limit})${field === 'quantity' ? ', after fees' : ''}.`;
  reader.fault(code, name, text, code.endsWith('BELOW_MINIMUM') ? beforeBaseFee(suggestion, instrument) : suggestion);
}

/** The quantity to configure so that this much is left after a fee in base. */
function beforeBaseFee(suggestion: string, instrument: Instrument): string {
  const wanted = Quantity.parse(suggestion);
  const rate = parseDecimal(instrument.takerFeeRate, 12);
  if (!wanted.ok || !rate.ok || rate.value >= 10n ** 12n) return suggestion;
  const { stepSize } = instrument;
  const kept = 10n ** 12n - rate.value;
  const gross = (wanted.value * 10n ** 12n + kept - 1n) / kept;
  return Quantity.format(Quantity.fromUnits(((gross + stepSize - 1n) / stepSize) * stepSize));
}

/** Allowed, but probably not meant. */
export function warningsOf(parameters: ScalpingParameters, instrument: Instrument): readonly ParameterFault[] {
  const rate = parseDecimal(instrument.makerFeeRate, 12);
  const feesBps = rate.ok ? (rate.value * 2n) / 10n ** 2n : 0n;
  const margin = marginBps(parameters);
  // 10^-4 percent are 10^-2 basis points.
  const profit = parameters.takeProfit === null ? null : parameters.takeProfit * 10n ** BigInt(offsetDecimals - 2);
  return [
    ...(margin !== null && margin <= feesBps ? [losesAfterFees('/sellPrice', margin, feesBps)] : []),
    ...(profit !== null && profit <= feesBps ? [losesAfterFees('/takeProfitPercent', profit, feesBps)] : []),
    ...(parameters.stopLoss !== null && parameters.coolDown === 0 && loopsOn(parameters) ? [noCoolDown] : []),
  ];
}

const loopsOn = ({ loop, afterStopLoss }: ScalpingParameters): boolean => loop && afterStopLoss === 'continue';

const noCoolDown: ParameterFault = {
  code: 'STOP_LOSS_WITHOUT_COOL_DOWN',
  field: '/coolDownSeconds',
  text: 'After a stop-loss the next cycle begins at once, in the market that has just gone against it.',
  allowed: 'whole seconds from 1',
  next: 'Set a cool-down, or let the bot stop after a stop-loss.',
};

function losesAfterFees(field: string, margin: bigint, feesBps: bigint): ParameterFault {
  const needed = formatDecimal(feesBps, offsetDecimals);
  return {
    code: 'LOSES_AFTER_FEES',
    field,
    text: `Between buy and sell lie ${formatDecimal(margin, offsetDecimals)} bps; the fees of both orders take ${needed}.`,
    allowed: `more than ${needed} bps`,
    next: 'Raise the sell price or lower the buy price, unless a loss is meant.',
  };
}

/** Sell over buy in 10^-6 basis points, where that can be told beforehand. */
function marginBps({ buyPrice, sellPrice, firstSide }: ScalpingParameters): bigint | null {
  const scale = 10n ** BigInt(offsetDecimals);
  if (buyPrice.kind === 'fixed' && sellPrice.kind === 'fixed') {
    return ((sellPrice.price - buyPrice.price) * 10_000n * scale) / buyPrice.price;
  }
  const closing = firstSide === 'buy' ? sellPrice : buyPrice;
  if (closing.kind === 'offset' && closing.from === 'entry') {
    const gain = firstSide === 'buy' ? closing.offset : -closing.offset;
    // Ticks become basis points only at a price; a loss is a loss at any.
    return closing.unit === 'bps' || gain <= 0n ? gain : null;
  }
  if (buyPrice.kind !== 'offset' || sellPrice.kind !== 'offset' || buyPrice.unit !== sellPrice.unit) return null;
  const gain = sellPrice.offset - buyPrice.offset;
  return buyPrice.unit === 'bps' || gain <= 0n ? gain : null;
}
