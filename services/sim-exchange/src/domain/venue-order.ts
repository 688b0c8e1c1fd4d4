import type { Lots, OrderId, SelfTradePrevention, Ticks } from '@scalpstorm/matching';
import type { Side, TimeInForce } from '@scalpstorm/model';
import type { Amount } from './amounts.js';
import type { Market } from './market.js';
import type { VenueOrderType } from './order-type.js';

export type VenueOrderStatus = 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH';

/** A checked wish, in whole ticks and lots. */
export interface NewOrder {
  readonly market: Market;
  readonly clientOrderId: string;
  readonly side: Side;
  readonly type: VenueOrderType;
  readonly timeInForce: TimeInForce;
  /** 0 for an order that executes at the market. */
  readonly price: Ticks;
  /** 0 for a market order by quote amount. */
  readonly quantity: Lots;
  /** 0 unless the order is by quote amount. */
  readonly quoteQuantity: Amount;
  /** The last price that triggers the order, or from which it trails; 0 for none. */
  readonly stopPrice: Ticks;
  /** How far the price must come back from its best to trigger the order, in basis points; 0 when it does not trail. */
  readonly trailingDelta: number;
  readonly selfTradePrevention: SelfTradePrevention;
}

/** An order as the venue keeps it. Times are milliseconds since the epoch. */
export interface VenueOrder extends NewOrder {
  readonly id: OrderId;
  readonly accountId: number;
  readonly createdAt: number;
  updatedAt: number;
  /** Since when it is in the book or was; null while it waits for its trigger. */
  workingAt: number | null;
  /** Grows by the order in which orders came into the book: that is how they queue at one price. */
  priority: number;
  /** What a lot of a purchase locks, in ticks; 0 when nothing is locked for it. */
  lockPrice: Ticks;
  /** The best price since a trailing order began to follow, and when it did; 0 before that. */
  trackedPrice: Ticks;
  trackedAt: number;
  status: VenueOrderStatus;
  executed: Lots;
  executedQuote: Amount;
  readonly fills: VenueFill[];
}

export interface VenueFill {
  readonly tradeId: number;
  readonly order: VenueOrder;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly quote: Amount;
  readonly commission: Amount;
  readonly commissionAsset: string;
  readonly isMaker: boolean;
  readonly time: number;
}

export const isOpen = (order: VenueOrder): boolean => order.status === 'NEW' || order.status === 'PARTIALLY_FILLED';

/** What a user stream is told about an order. */
export type OrderChange =
  | { readonly kind: 'accepted' }
  /** It waited for its price and comes into the book now. */
  | { readonly kind: 'triggered' }
  | { readonly kind: 'filled'; readonly fill: VenueFill }
  /** `cancelId` names the cancel request itself. */
  | { readonly kind: 'canceled'; readonly cancelId: string }
  | { readonly kind: 'expired' };
