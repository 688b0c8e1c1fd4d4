import type { OrderId, Ticks } from '@scalpstorm/matching';
import type { Side } from '@scalpstorm/model';
import type { VenueOrderType } from './order-type.js';

const wholeInBips = 10_000;

interface Contingent {
  readonly side: Side;
  readonly type: VenueOrderType;
  readonly stopPrice: Ticks;
  readonly trailingDelta: number;
}

/** What is looked at of an order that waits. */
export interface WaitingOrder extends Contingent {
  readonly id: OrderId;
  readonly accountId: number;
  trackedPrice: Ticks;
  trackedAt: number;
}

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
export function follow(order: WaitingOrder, price: Ticks, now: number): 'waits' | 'follows' | 'goes off' {
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

function hasComeBack({ side, trackedPrice, trailingDelta }: WaitingOrder, price: Ticks): boolean {
  return side === 'buy'
    ? price * wholeInBips >= trackedPrice * (wholeInBips + trailingDelta)
    : price * wholeInBips <= trackedPrice * (wholeInBips - trailingDelta);
}

/** The orders of one market that wait. */
export class WaitingOrders {
  private readonly orders = new Set<WaitingOrder>();

  get size(): number {
    return this.orders.size;
  }

  add(order: WaitingOrder): void {
    this.orders.add(order);
  }

  delete(order: WaitingOrder): boolean {
    return this.orders.delete(order);
  }

  of(accountId: number): number {
    let count = 0;
    for (const order of this.orders) if (order.accountId === accountId) count += 1;
    return count;
  }

  /** What a trade sets off, oldest first: these wait no more. `onFollowed` hears of those that it only moved. */
  hear(price: Ticks, now: number, onFollowed: (id: OrderId) => void): readonly OrderId[] {
    const off: WaitingOrder[] = [];
    for (const order of this.orders) {
      const step = follow(order, price, now);
      if (step === 'goes off') off.push(order);
      if (step === 'follows') onFollowed(order.id);
    }
    for (const order of off) this.orders.delete(order);
    return off.map(({ id }) => id);
  }
}
