import type { Account, AccountNotes } from './account.js';
import type { Market } from './market.js';
import type { VenueFill, VenueOrder } from './venue-order.js';

/** What happened since the journal was last written. Whoever changes money, an order or a market notes it here. */
export class Changes implements AccountNotes {
  readonly openedAccounts = new Set<Account>();
  readonly balances = new Map<Account, Set<string>>();
  readonly orders = new Set<VenueOrder>();
  readonly fills: VenueFill[] = [];
  /** Too old to be kept. */
  readonly forgottenOrders: VenueOrder[] = [];
  readonly forgottenFills: VenueFill[] = [];
  readonly markets = new Set<Market>();
  /** Markets whose candles are to be written. */
  readonly candles = new Set<Market>();

  balance(account: Account, asset: string): void {
    const assets = this.balances.get(account);
    if (assets === undefined) this.balances.set(account, new Set([asset]));
    else assets.add(asset);
  }

  get isEmpty(): boolean {
    return (
      this.balances.size === 0 &&
      this.orders.size === 0 &&
      this.fills.length === 0 &&
      this.markets.size === 0 &&
      this.candles.size === 0 &&
      this.openedAccounts.size === 0 &&
      this.forgottenOrders.length === 0 &&
      this.forgottenFills.length === 0
    );
  }

  clear(): void {
    this.openedAccounts.clear();
    this.balances.clear();
    this.orders.clear();
    this.fills.length = 0;
    this.forgottenOrders.length = 0;
    this.forgottenFills.length = 0;
    this.markets.clear();
    this.candles.clear();
  }
}
