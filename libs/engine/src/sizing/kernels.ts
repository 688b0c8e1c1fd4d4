import { type Instrument, type Price, Quantity } from '@scalpstorm/model';

// Exact arithmetic of sizes. Units: prices and quantities count 10^-12, money 10^-18, percentages 10^-4 percent, losses of one unit
// of base 10^-24. Every division here rounds down, so that no size is ever more than its formula says.

/** In 10^-4 percent. */
export const wholePercent = 1_000_000n;
const rateScale = 10n ** 12n;

/** `percent` of an amount. */
export const shareOf = (amount: bigint, percent: bigint): bigint => (amount * percent) / wholePercent;

/** So much base costs no more than the money at the price. */
export const worth = (money: bigint, price: Price): bigint => (money * 10n ** 6n) / price;

/** So much base loses no more than the money, when one of it loses `loss` (10^-24). */
export const losing = (money: bigint, loss: bigint): bigint => (money * 10n ** 18n) / loss;

/** So much base is paid by the money at the price, with a fee in quote on top. */
export const paidBy = (money: bigint, price: Price, fee: bigint): bigint => losing(money, price * (rateScale + fee));

/** The dearer of what an account pays, because nobody knows before which of them it will be; 10^-12. */
export function dearestFee({ makerFeeRate, takerFeeRate }: Instrument): bigint {
  const [maker, taker] = [rateOf(makerFeeRate), rateOf(takerFeeRate)];
  return Quantity.max(maker, taker);
}

function rateOf(rate: string): Quantity {
  const parsed = Quantity.parse(rate);
  return parsed.ok ? parsed.value : Quantity.zero;
}

/**
 * What one unit of base loses from the entry to the stop, with the fees of both orders; 10^-24.
 * |entry − stop| + fee × (entry + stop)
 */
export function lossToStop(entry: Price, stop: Price, fee: bigint): bigint {
  const distance = entry > stop ? entry - stop : stop - entry;
  return distance * rateScale + fee * (entry + stop);
}

/** Over which a size is spread: a market that stood still moves by a tick all the same. */
export function rangeOf(atr: Price, { tickSize }: Instrument): Price {
  if (atr < tickSize) return tickSize;
  return atr;
}

/** What a fee in base, which a venue may take out of what was bought, leaves to sell; in whole steps. */
export function afterFee(quantity: Quantity, fee: bigint, step: Quantity): Quantity {
  return Quantity.floorTo(Quantity.fromUnits(quantity - ceilDiv(quantity * fee, rateScale)), step);
}

/** The least that leaves this much after such a fee; in whole steps. */
export function beforeFee(quantity: Quantity, fee: bigint, step: Quantity): Quantity {
  if (fee >= rateScale) return quantity;
  const gross = ceilDiv(quantity * rateScale, rateScale - fee);
  const least = Quantity.fromUnits(ceilDiv(gross, step) * step);
  return afterFee(least, fee, step) >= quantity ? least : Quantity.plus(least, step);
}

export const ceilDiv = (value: bigint, divisor: bigint): bigint => (value + divisor - 1n) / divisor;
