import type { BookOrder, OrderId } from '@scalpstorm/matching';
import { lockPriceOf } from './filters.js';
import { tickLotAmount } from './market-spec.js';
import { executesAs, isContingent } from './order-type.js';
import type { NewOrder, VenueOrder } from './venue-order.js';

/** A checked wish as the venue keeps it. */
export function newVenueOrder(
  wish: NewOrder,
  { id, accountId, now }: { readonly id: OrderId; readonly accountId: number; readonly now: number },
): VenueOrder {
  const waits = isContingent(wish.type);
  // Without a stop price it follows from the last trade on; where there was none, from the next.
  const trackedPrice = wish.trailingDelta > 0 && wish.stopPrice === 0 ? (wish.market.lastPrice ?? 0) : 0;
  return {
    ...wish,
    id,
    accountId,
    createdAt: now,
    updatedAt: now,
    workingAt: waits ? null : now,
    priority: id,
    lockPrice: lockPriceOf(wish),
    trackedPrice,
    trackedAt: trackedPrice === 0 ? 0 : now,
    status: 'NEW',
    executed: 0,
    executedQuote: 0n,
    fills: [],
  };
}

/** What comes into the book of an order, at once or when it is triggered. */
export function bookOrder(wish: NewOrder, id: OrderId, owner: number): BookOrder {
  const { side, price, quantity, timeInForce, selfTradePrevention } = wish;
  const identity = { id, owner, side, selfTradePrevention };
  const type = executesAs(wish.type);
  if (type === 'limit') return { ...identity, type, price, quantity, timeInForce };
  if (type === 'limit-maker') return { ...identity, type, price, quantity };
  if (wish.quoteQuantity === 0n) return { ...identity, type, quantity };
  return {
    ...identity,
    type: 'market-by-quote',
    quoteAmount: Number(wish.quoteQuantity / tickLotAmount(wish.market.spec)),
  };
}
