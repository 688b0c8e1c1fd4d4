import type { Ticks } from '@scalpstorm/matching';
import type { NewOrder, VenueOrder, VenueOrderType } from './venue-order.js';

const wholeInBips = 10_000;

/** Waits for a price of the last trade before it comes into the book. */
export const isContingent = (type: VenueOrderType): boolean =>
  type.startsWith('STOP_LOSS') || type.startsWith('TAKE_PROFIT');

/** How an order meets the book, once it is there. */
export function executesAs(type: VenueOrderType): 'limit' | 'limit-maker' | 'market' {
  if (type === 'LIMIT_MAKER') return 'limit-maker';
  return type === 'MARKET' || type === 'STOP_LOSS' || type === 'TAKE_PROFIT' ? 'market' : 'limit';
}

type Contingent = Pick<NewOrder, 'side' | 'type' | 'stopPrice' | 'trailingDelta'>;

/** Has a trade at this price reached the stop price? A loss is stopped on the way against the order, a profit taken on the way with it. */
export function isReached(order: Contingent, price: Ticks): boolean {
  const risesToStop = order.type.startsWith('STOP_LOSS') === (order.side === 'buy');
  return risesToStop ? price >= order.stopPrice : price <= order.stopPrice;
}

/** Would it go off at once? One that trails cannot: it must see the price come back first. */
export const wouldTrigger = (order: Contingent, lastPrice: Ticks | null): boolean =>
  order.trailingDelta === 0 && lastPrice !== null && isReached(order, lastPrice);

/**
 * What a trade does to a waiting order. One that trails follows the best price from its stop price on (from its placement
 * without one), and goes off when the price comes back by its delta. Source: the venue's FAQ on trailing stop orders.
 */
export function follow(order: VenueOrder, price: Ticks, now: number): 'waits' | 'follows' | 'goes off' {
  if (order.trailingDelta === 0) return isReached(order, price) ? 'goes off' : 'waits';
  const begins = order.trackedPrice === 0;
  if (begins && order.stopPrice > 0 && !isReached(order, price)) return 'waits';
  const isBetter = order.side === 'buy' ? price < order.trackedPrice : price > order.trackedPrice;
  if (begins || isBetter) {
    order.trackedPrice = price;
    if (begins) order.trackedAt = now;
    return 'follows';
  }
  return hasComeBack(order, price) ? 'goes off' : 'waits';
}

function hasComeBack({ side, trackedPrice, trailingDelta }: VenueOrder, price: Ticks): boolean {
  return side === 'buy'
    ? price * wholeInBips >= trackedPrice * (wholeInBips + trailingDelta)
    : price * wholeInBips <= trackedPrice * (wholeInBips - trailingDelta);
}

/** The orders of one market that wait. */
export class WaitingOrders {
  private readonly orders = new Set<VenueOrder>();

  get size(): number {
    return this.orders.size;
  }

  add(order: VenueOrder): void {
    this.orders.add(order);
  }

  delete(order: VenueOrder): boolean {
    return this.orders.delete(order);
  }

  of(accountId: number): number {
    let count = 0;
    for (const order of this.orders) if (order.accountId === accountId) count += 1;
    return count;
  }

  /** What a trade sets off, oldest first: these wait no more. `onFollowed` hears of those that it only moved. */
  hear(price: Ticks, now: number, onFollowed: (order: VenueOrder) => void): readonly VenueOrder[] {
    const off: VenueOrder[] = [];
    for (const order of this.orders) {
      const step = follow(order, price, now);
      if (step === 'goes off') off.push(order);
      if (step === 'follows') onFollowed(order);
    }
    for (const order of off) this.orders.delete(order);
    return off;
  }
}
