import { type Currency, type Fill, type Instrument, Money, notional } from '@scalpstorm/model';

/** What the account has at the venue, exact: totals by currency, and what working orders have locked of it. In 10^-18. */
export class Wallet {
  private readonly totals = new Map<Currency, bigint>();
  private readonly locks = new Map<Currency, bigint>();

  constructor(start: readonly Money[]) {
    for (const { currency, amount } of start) add(this.totals, currency, amount);
  }

  total = (currency: Currency): bigint => this.totals.get(currency) ?? 0n;
  locked = (currency: Currency): bigint => this.locks.get(currency) ?? 0n;
  free = (currency: Currency): bigint => this.total(currency) - this.locked(currency);

  balances(): readonly Money[] {
    return [...this.totals].map(([currency, amount]) => ({ currency, amount }));
  }

  lock(currency: Currency, amount: bigint): void {
    add(this.locks, currency, amount);
  }

  move({ currency, amount }: Money): void {
    add(this.totals, currency, amount);
  }

  book({ side, price, quantity, fee }: Fill, { base, quote }: Instrument): void {
    const value = notional(price, quantity, quote).amount;
    const amount = Money.fromQuantity(quantity, base).amount;
    add(this.totals, base, side === 'buy' ? amount : -amount);
    add(this.totals, quote, side === 'buy' ? -value : value);
    add(this.totals, fee.currency, -fee.amount);
  }
}

const add = (amounts: Map<Currency, bigint>, currency: Currency, amount: bigint): void => {
  amounts.set(currency, (amounts.get(currency) ?? 0n) + amount);
};
