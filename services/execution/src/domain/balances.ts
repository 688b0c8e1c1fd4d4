import type { Difference } from '@scalpstorm/contracts';
import { type AccountId, type Balance, formatDecimal, moneyDecimals } from '@scalpstorm/model';

/** Totals a currency in units of 10^-18. */
export type Totals = ReadonlyMap<string, bigint>;

export function totalsOf(balances: readonly Balance[]): Totals {
  return new Map(balances.map((balance) => [balance.currency, balance.free.amount + balance.locked.amount]));
}

/** What an account must hold: what it held before our first fill plus everything that our fills moved. */
export function expectedTotals(baseline: Totals, cashFlow: Totals): Totals {
  const currencies = new Set([...baseline.keys(), ...cashFlow.keys()]);
  return new Map([...currencies].map((currency) => [currency, at(baseline, currency) + at(cashFlow, currency)]));
}

/**
 * One difference a currency whose venue balance is not what our books say, to the last decimal. On a real account it may
 * be a transfer, so the books follow the venue and say so; nobody transfers on a simulated one, so there it stays a fault.
 */
export function balanceDifferences(
  accountId: AccountId,
  expected: Totals,
  venue: Totals,
  followsVenue: boolean,
): readonly Difference[] {
  const currencies = new Set([...expected.keys(), ...venue.keys()]);
  return [...currencies]
    .filter((currency) => at(expected, currency) !== at(venue, currency))
    .map((currency) => ({
      kind: 'balance',
      accountId,
      subject: currency,
      ours: formatDecimal(at(expected, currency), moneyDecimals),
      theirs: formatDecimal(at(venue, currency), moneyDecimals),
      decision: followsVenue
        ? 'taken as a transfer or as a trade from elsewhere: the baseline follows the venue'
        : 'nothing explains it; a person has to look at the fills of this account',
      repaired: followsVenue,
    }));
}

/** The baseline after the venue's balance was believed. */
export function movedBaseline(venue: Totals, cashFlow: Totals): Totals {
  const currencies = new Set([...venue.keys(), ...cashFlow.keys()]);
  return new Map([...currencies].map((currency) => [currency, at(venue, currency) - at(cashFlow, currency)]));
}

function at(totals: Totals, currency: string): bigint {
  return totals.get(currency) ?? 0n;
}
