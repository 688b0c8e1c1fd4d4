import type { BarMarket } from './bar-market.js';
import type { Fills } from './fills.js';

const bps = 10_000;

/**
 * Cash and what is held, as plain numbers: nothing here is booked or sent. A buy costs quantity × price × (1 + fee), a sale brings
 * quantity × price × (1 − fee).
 */
export class Purse {
  cash: number;
  held = 0;
  entryPrice = Number.NaN;
  totalFees = 0;
  private readonly takerFee: number;
  private readonly makerFee: number;

  /** @param fills those of an earlier run are forgotten */
  constructor(
    private readonly market: BarMarket,
    readonly fills: Fills,
  ) {
    fills.clear();
    this.cash = market.cash;
    this.takerFee = market.takerFeeBps / bps;
    this.makerFee = market.makerFeeBps / bps;
  }

  /** What an entry at this price is to buy. */
  sizeAt(price: number): number {
    const { size } = this.market;
    const most = this.cash / (price * (1 + this.takerFee));
    switch (size.kind) {
      case 'all-in':
        return most;
      case 'fraction':
        return most * size.of;
      case 'quantity':
        return Math.min(size.quantity, most);
      case 'cash':
        return Math.min(size.amount / (price * (1 + this.takerFee)), most);
    }
  }

  buy(bar: number, quantity: number, price: number): void {
    const fee = quantity * price * this.takerFee;
    const cost = quantity * price + fee;
    this.entryPrice =
      this.held === 0 ? price : (this.entryPrice * this.held + price * quantity) / (this.held + quantity);
    this.held += quantity;
    // All of it: what rounding leaves is nothing.
    this.cash = cost >= this.cash * (1 - 1e-15) ? 0 : this.cash - cost;
    this.totalFees += fee;
    this.fills.add(bar, quantity, price, fee);
  }

  sell(bar: number, quantity: number, price: number, isMaker: boolean): void {
    const rate = isMaker ? this.makerFee : this.takerFee;
    const fee = quantity * price * rate;
    this.cash += quantity * price * (1 - rate);
    this.totalFees += fee;
    this.held = quantity >= this.held ? 0 : this.held - quantity;
    if (this.held === 0) this.entryPrice = Number.NaN;
    this.fills.add(bar, -quantity, price, fee);
  }
}
