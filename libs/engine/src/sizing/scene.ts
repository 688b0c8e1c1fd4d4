import { Money, Price, Quantity } from '@scalpstorm/model';
import { btc, exampleInstrument, usdt } from '../testing.js';
import type { PairFunds, SizingBasis, SizingCaps } from './sizing.js';

/** Percentages in the unit of sizes: 10^-4 percent. */
export const percent = (value: number): bigint => BigInt(Math.round(value * 10_000));

export function fundsOf(quote: string, base = '0', locked = '0'): PairFunds {
  return {
    quote: { currency: usdt, free: Money.of(quote, 'USDT'), locked: Money.of(locked, 'USDT') },
    base: { currency: btc, free: Money.of(base, 'BTC'), locked: Money.zero(btc) },
  };
}

/** A buy at 100 with a stop at 95 of an account with 10,000 USDT; fees are a thousandth. */
export function basis(changes: Partial<SizingBasis> = {}): SizingBasis {
  return {
    side: 'buy',
    price: Price.of('100'),
    instrument: exampleInstrument(),
    funds: fundsOf('10000'),
    mark: Price.of('100'),
    stop: Price.of('95'),
    atr: Price.of('2'),
    returns: [],
    ...changes,
  };
}

/** No cap that matters. */
export const wide: SizingCaps = { quantity: Quantity.of('9000'), notional: null, equityPercent: null };
