import type { Side } from '@scalpstorm/model';
import type { BookEvent } from './book-event.js';
import type { BookOrder, LimitOrder, Lots, OrderId, Ticks } from './book-order.js';

/** Price and total quantity; quantity 0 in a change means that the level is gone. */
export type DepthLevel = readonly [price: Ticks, quantity: Lots];

/** The levels that changed since the last call, with their present totals. */
export interface DepthChanges {
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
}

/** What an order would take if it came now. */
export interface Estimate {
  readonly quantity: Lots;
  /** Ticks × lots; a bigint, because a whole book may be worth more than 2^53. */
  readonly quote: bigint;
}

/** A market that orders can be sent to: simulated throughout, or recorded with our orders added. */
export interface MatchingBook {
  /** An order id is used once. The numbers must be whole and inside the bounds: anything else is a bug of the caller. */
  place(order: BookOrder): readonly BookEvent[];
  /**
   * Puts back an order that rested before a restart, with `lots` left of it; older ones first. It never takes: whatever stands
   * at its price or through it meets it as the market that traded there while it waited, so it fills as maker at its own price.
   */
  restore(order: LimitOrder, lots: Lots): readonly BookEvent[];
  /** No event when the order does not rest here (any more). */
  cancel(id: OrderId): readonly BookEvent[];
  best(side: Side): Ticks | null;
  quantityAt(side: Side, price: Ticks): Lots;
  /** Best first. */
  depth(side: Side, levelsMax: number): readonly DepthLevel[];
  estimate(order: BookOrder): Estimate;
  /** Counts every change of a level; only grows. */
  readonly updateId: number;
  /** Counts on without a change, for a venue that says that it is still there. */
  touch(): void;
  drainChanges(): DepthChanges;
}
