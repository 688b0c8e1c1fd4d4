import type { Account } from './account.js';
import type { BestQuote, Market, PublicTrade } from './market.js';
import type { OrderChange, VenueOrder } from './venue-order.js';

/** Who must hear at once what happened at the venue. */
export abstract class VenueNews {
  abstract traded(market: Market, trade: PublicTrade): void;
  abstract quoteChanged(market: Market, quote: BestQuote): void;
  abstract orderChanged(account: Account, order: VenueOrder, change: OrderChange): void;
  abstract balancesChanged(account: Account, assets: readonly string[]): void;
}
