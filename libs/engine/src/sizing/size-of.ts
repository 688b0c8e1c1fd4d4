import { fail, ok, type Result } from '@scalpstorm/kernel';
import { formatDecimal, moneyDecimals, Price, Quantity } from '@scalpstorm/model';
import { kellyOf } from './kelly.js';
import { beforeFee, ceilDiv, dearestFee, losing, lossToStop, paidBy, rangeOf, shareOf, worth } from './kernels.js';
import type { PairFunds, Sized, Sizing, SizingBasis, SizingCaps, SizingRefusal } from './sizing.js';

/**
 * How much an entry is of: by the formula of its kind, no more than any cap, nor than the free balance pays with its fee, down to the
 * venue's step. Refused, never rounded up, below the venue's minimums, by what a fee in base would leave of it.
 */
export function sizeOf(sizing: Sizing, caps: SizingCaps, basis: SizingBasis): Result<Sized, SizingRefusal> {
  if (sizing.kind === 'fixed') return ok({ quantity: caps.quantity, working: '' });
  const { funds, mark } = basis;
  if (funds === null) return fail(needsBalance(basis));
  const equity = equityOf(funds, mark);
  if (equity === null) return fail(needsPrice(basis));
  const wanted = wantedOf(sizing, basis, equity);
  if (!wanted.ok) return wanted;
  return within(basis, wanted.value.working, [
    { quantity: wanted.value.quantity, limitedBy: '' },
    ...capsOf(caps, basis, equity),
    { quantity: affordable(basis, funds), limitedBy: 'the free balance' },
    { quantity: basis.instrument.quantityMax, limitedBy: 'what the venue takes in one order' },
  ]);
}

/**
 * What the account has of both assets of the market, free and locked, in 10^-18 of the quote currency. What else it holds is not
 * counted: nobody here knows its price. Null: it holds base, and the market is not known.
 */
export function equityOf({ base, quote }: PairFunds, mark: Price | null): bigint | null {
  const cash = quote.free.amount + quote.locked.amount;
  const coins = base.free.amount + base.locked.amount;
  if (coins === 0n) return cash;
  return mark === null ? null : cash + (coins * mark) / 10n ** 12n;
}

interface Bound {
  /** 10^-12. */
  readonly quantity: bigint;
  readonly limitedBy: string;
}

interface Wanted {
  readonly quantity: bigint;
  readonly working: string;
}

type Reckoned = Exclude<Sizing, { readonly kind: 'fixed' }>;

function wantedOf(sizing: Reckoned, basis: SizingBasis, equity: bigint): Result<Wanted, SizingRefusal> {
  const { price, instrument, stop, atr } = basis;
  const whole = `${cut(equity)} ${instrument.quote}`;
  switch (sizing.kind) {
    case 'notional': {
      const { notional } = sizing;
      return ok({ quantity: worth(notional, price), working: `${cut(notional)} ${instrument.quote}` });
    }
    case 'equity': {
      const { percent } = sizing;
      return ok({ quantity: worth(shareOf(equity, percent), price), working: `${shown(percent)} % of ${whole}` });
    }
    case 'risk': {
      if (stop === null) return fail(needsStop());
      const loss = lossToStop(price, stop, dearestFee(instrument));
      const each = `${cut(loss / 10n ** 6n)} ${instrument.quote} a ${instrument.base} to the stop at ${Price.format(stop)}`;
      const working = `${shown(sizing.percent)} % of ${whole} at risk, ${each} with both fees`;
      return ok({ quantity: losing(shareOf(equity, sizing.percent), loss), working });
    }
    case 'atr': {
      if (atr === null) return fail(needsAtr());
      const range = rangeOf(atr, instrument);
      const working = `${shown(sizing.percent)} % of ${whole} a move of ${shown(sizing.multiple)} × ATR ${Price.format(range)}`;
      return ok({ quantity: losing(shareOf(equity, sizing.percent), sizing.multiple * range * 10n ** 8n), working });
    }
    case 'kelly':
      return wantedByKelly(sizing, basis, equity);
  }
}

function wantedByKelly(
  { percent, start }: Extract<Sizing, { readonly kind: 'kelly' }>,
  { price, instrument, returns }: SizingBasis,
  equity: bigint,
): Result<Wanted, SizingRefusal> {
  const whole = `${cut(equity)} ${instrument.quote}`;
  const known = kellyOf(returns);
  if (known.ok) {
    const { fraction, won, cycles, payoff } = known.value;
    const record = `${won} of ${cycles} cycles won, payoff ${formatDecimal(payoff, 2)}`;
    const working = `${shown(percent)} % of Kelly's ${shown(fraction)} % (${record}) of ${whole}`;
    return ok({ quantity: worth(shareOf(equity, shareOf(fraction, percent)), price), working });
  }
  if (known.error.kind === 'no-edge') return fail(withoutEdge(known.error));
  const working = `${shown(start)} % of ${whole}, because ${known.error.cycles} finished cycles are too little evidence for Kelly`;
  return ok({ quantity: worth(shareOf(equity, start), price), working });
}

function capsOf({ quantity, notional, equityPercent }: SizingCaps, { price }: SizingBasis, equity: bigint): Bound[] {
  const bounds: Bound[] = [{ quantity, limitedBy: 'the quantity that is configured' }];
  if (notional !== null) bounds.push({ quantity: worth(notional, price), limitedBy: 'the largest value' });
  if (equityPercent !== null) {
    const limitedBy = 'the largest share of the equity';
    bounds.push({ quantity: worth(shareOf(equity, equityPercent), price), limitedBy });
  }
  return bounds;
}

/** A buy is paid with its fee on top; of a sale the fee is taken from what it brings. */
function affordable({ side, price, instrument }: SizingBasis, { base, quote }: PairFunds): bigint {
  if (side === 'sell') return base.free.amount / 10n ** 6n;
  return paidBy(quote.free.amount, price, dearestFee(instrument));
}

/** The least of all, in whole steps, when the venue takes it. */
function within(basis: SizingBasis, working: string, bounds: readonly Bound[]): Result<Sized, SizingRefusal> {
  const { instrument } = basis;
  const bound = bounds.reduce((least, one) => (one.quantity < least.quantity ? one : least));
  const quantity = Quantity.floorTo(Quantity.fromUnits(bound.quantity), instrument.stepSize);
  const how = bound.limitedBy === '' ? working : `${working}, held down by ${bound.limitedBy}`;
  const least = leastEntry(basis);
  return quantity >= least ? ok({ quantity, working: how }) : fail(belowMinimum(basis, { quantity, least, how }));
}

/** The least entry that the venue takes, and would still take when its fee was taken out of what was bought. */
function leastEntry({ side, price, instrument }: SizingBasis): Quantity {
  const { quantityMin, notionalMin, stepSize } = instrument;
  const byValue = Quantity.fromUnits(ceilDiv(notionalMin.amount * 10n ** 6n, price));
  const steps = ceilDiv(Quantity.max(quantityMin, byValue), stepSize);
  const least = Quantity.fromUnits((steps > 0n ? steps : 1n) * stepSize);
  return side === 'buy' ? beforeFee(least, dearestFee(instrument), stepSize) : least;
}

function belowMinimum(
  { instrument, price }: SizingBasis,
  { quantity, least, how }: { readonly quantity: Quantity; readonly least: Quantity; readonly how: string },
): SizingRefusal {
  const { base, venue } = instrument;
  const [value, minimum] = [Quantity.format(quantity), Quantity.format(least)];
  return {
    code: 'SIZING_BELOW_MINIMUM',
    text: `The entry would be of ${value} ${base} (${how}); ${venue} takes no less than ${minimum} at ${Price.format(price)}.`,
    value,
    minimum,
    next: 'Raise what the size is reckoned from, or the balance of the account.',
  };
}

const needsBalance = ({ instrument: { base, quote } }: SizingBasis): SizingRefusal => ({
  code: 'SIZING_NEEDS_BALANCE',
  text: `What the account holds of ${base} and ${quote} is not known at the moment, and the size is reckoned from it.`,
  value: '',
  minimum: '',
  next: 'It goes on by itself; if it lasts, see whether execution runs and the account is connected.',
});

const needsPrice = ({ instrument: { base, symbol } }: SizingBasis): SizingRefusal => ({
  code: 'SIZING_NEEDS_PRICE',
  text: `The account holds ${base}, and without a price of ${symbol} nobody can tell what it is worth.`,
  value: '',
  minimum: '',
  next: 'It goes on by itself; if others hear the market, see whether market-data does.',
});

const needsStop = (): SizingRefusal => ({
  code: 'SIZING_NEEDS_STOP',
  text: 'The size is reckoned from the distance to the stop, and there is none.',
  value: '',
  minimum: '',
  next: 'Give it a stop-loss.',
});

const needsAtr = (): SizingRefusal => ({
  code: 'SIZING_NEEDS_ATR',
  text: 'The size is reckoned from the average true range, which can not be told yet.',
  value: '',
  minimum: '',
  next: 'It goes on by itself as soon as enough candles have closed.',
});

const withoutEdge = ({ cycles, won }: { readonly cycles: number; readonly won: number }): SizingRefusal => ({
  code: 'SIZING_WITHOUT_EDGE',
  text: `Its last ${cycles} cycles (${won} won) lost more than they gained: Kelly stakes nothing on that.`,
  value: String(won),
  minimum: '',
  next: 'Edit its prices or stops, with which the evidence begins anew, or choose another sizing.',
});

const shown = (percent: bigint): string => formatDecimal(percent, 4);

/** For people: cut to as many decimals as venues show. */
function cut(amount: bigint): string {
  const shownUnits = 10n ** BigInt(moneyDecimals - 8);
  return formatDecimal(amount - (amount % shownUnits), moneyDecimals);
}
