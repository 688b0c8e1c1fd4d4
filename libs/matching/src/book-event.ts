import type { Side } from '@scalpstorm/model';
import type { Lots, OrderId, Ticks } from './book-order.js';

/** The counterpart of a trade against recorded liquidity: nobody whose order we know. */
export const recordedParty: OrderId = 0;

/** Everything a book says, in the order in which it happened. */
export type BookEvent =
  | { readonly kind: 'accepted'; readonly id: OrderId }
  /** A post-only order that would have taken. Nothing else happened. */
  | { readonly kind: 'rejected'; readonly id: OrderId; readonly reason: 'WOULD_TAKE' }
  | Traded
  /** An order by quote amount bought or sold all the whole lots that its amount pays for. */
  | { readonly kind: 'spent'; readonly id: OrderId }
  | { readonly kind: 'canceled'; readonly id: OrderId; readonly quantity: Lots }
  /**
   * The venue ended an order. UNFILLED: nothing more to take (IOC, FOK, market), `quantity` is what was left, or 0 for an
   * order by quote amount. SELF_TRADE: it rested, and its owner's next order came to meet it.
   */
  | {
      readonly kind: 'expired';
      readonly id: OrderId;
      readonly quantity: Lots;
      readonly reason: 'UNFILLED' | 'SELF_TRADE';
    };

export interface Traded {
  readonly kind: 'traded';
  readonly makerId: OrderId;
  readonly takerId: OrderId;
  readonly takerSide: Side;
  /** The maker's price. */
  readonly price: Ticks;
  readonly quantity: Lots;
}
