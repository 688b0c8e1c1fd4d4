import { absolute, compare, signOf, times } from './decimal.js';
import type { Holdings, Instrument, PriceRow } from './rows.js';
import { type Held, lastOf } from './totals.js';

/** By how much the average price, by which a venue judges an order at the market, may lie above the last one. */
const averageError = '1.05';

/**
 * Whether so little is held that the venue takes no order of it. Nothing that a flatten would still try to sell is called so, nor
 * anything of a market whose rules are not known.
 */
export function isDust(
  { quantity }: Pick<Held, 'quantity'>,
  instrument: Pick<Instrument, 'quantityMin' | 'notionalMin'> | undefined,
  price: PriceRow | undefined,
): boolean {
  if (signOf(quantity) === 0 || instrument === undefined) return false;
  const size = absolute(quantity);
  if (compare(size, instrument.quantityMin) < 0) return true;
  const most = price === undefined ? null : times(times(size, lastOf(price)), averageError);
  return most !== null && compare(most, instrument.notionalMin) < 0;
}

/** The accounts with what can be traded there alone. */
export const withoutDust = (accounts: readonly Holdings[], isDustThere: (held: Held) => boolean): readonly Holdings[] =>
  accounts.map((account) => ({ ...account, positions: account.positions.filter((held) => !isDustThere(held)) }));
