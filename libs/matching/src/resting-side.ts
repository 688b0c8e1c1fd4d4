import { assert } from '@scalpstorm/kernel';
import type { Side } from '@scalpstorm/model';
import type { Lots, OrderId, OwnerId, Ticks } from './book-order.js';
import { PriceLadder } from './price-ladder.js';

export interface RestingOrder {
  readonly id: OrderId;
  readonly owner: OwnerId;
  readonly side: Side;
  readonly price: Ticks;
  remaining: Lots;
  /** Recorded lots that go first; 0 in a book where everybody is simulated. */
  ahead: Lots;
  next: RestingOrder | null;
  previous: RestingOrder | null;
}

/** The orders at one price, first come first served. */
export interface RestingLevel {
  readonly price: Ticks;
  total: Lots;
  head: RestingOrder | null;
  tail: RestingOrder | null;
}

/** The resting orders of one side: levels by price, a queue at each; adding, filling and removing are O(1) at the best. */
export class RestingSide {
  readonly ladder: PriceLadder<RestingLevel>;

  constructor(side: Side) {
    this.ladder = new PriceLadder(side);
  }

  add(order: RestingOrder): void {
    let level = this.ladder.get(order.price);
    if (level === undefined) {
      level = { price: order.price, total: 0, head: null, tail: null };
      this.ladder.set(order.price, level);
    }
    order.previous = level.tail;
    if (level.tail === null) level.head = order;
    else level.tail.next = order;
    level.tail = order;
    level.total += order.remaining;
  }

  /** Takes lots off an order; the order leaves the queue with its last lot. */
  reduce(order: RestingOrder, quantity: Lots): void {
    const level = this.levelOf(order);
    assert(
      quantity > 0 && quantity <= order.remaining,
      `reduced order ${order.id} by ${quantity} of ${order.remaining}`,
    );
    order.remaining -= quantity;
    level.total -= quantity;
    if (order.remaining === 0) this.unlink(order, level);
  }

  totalAt(price: Ticks): Lots {
    return this.ladder.get(price)?.total ?? 0;
  }

  private levelOf(order: RestingOrder): RestingLevel {
    const level = this.ladder.get(order.price);
    assert(level !== undefined, `order ${order.id} rests at a price that has no level`);
    return level;
  }

  private unlink(order: RestingOrder, level: RestingLevel): void {
    if (order.previous === null) level.head = order.next;
    else order.previous.next = order.next;
    if (order.next === null) level.tail = order.previous;
    else order.next.previous = order.previous;
    if (level.head === null) this.ladder.delete(level.price);
  }
}

/** What one owner could take of a level: all of it, or all but what would be a self-trade. */
export function lotsNotOf(level: RestingLevel, owner: OwnerId | null): Lots {
  if (owner === null) return level.total;
  let lots = 0;
  for (let order = level.head; order !== null; order = order.next) if (order.owner !== owner) lots += order.remaining;
  return lots;
}
