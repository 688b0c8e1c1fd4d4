import { assert } from '@scalpstorm/kernel';
import { opposite, type Side } from '@scalpstorm/model';
import type { BookEvent } from './book-event.js';
import type { BookOrder, LimitOrder, Lots, OrderId, OwnerId, Ticks } from './book-order.js';
import { LevelChanges } from './level-changes.js';
import type { DepthChanges, DepthLevel, Estimate, MatchingBook } from './matching-book.js';
import { estimateOrder, placeOrder } from './placement.js';
import { lotsNotOf, type RestingOrder, RestingSide } from './resting-side.js';

/**
 * A price-time-priority limit order book over whole ticks and lots. Synchronous and without clock or randomness: the same
 * orders give the same events. Never crossed between two calls.
 */
export class OrderBook implements MatchingBook {
  private readonly sides: Record<Side, RestingSide> = { buy: new RestingSide('buy'), sell: new RestingSide('sell') };
  private readonly resting = new Map<OrderId, RestingOrder>();
  private readonly changes = new LevelChanges();

  get updateId(): number {
    return this.changes.updateId;
  }

  touch(): void {
    this.changes.updateId += 1;
  }

  place(order: BookOrder): readonly BookEvent[] {
    assert(!this.resting.has(order.id), `order id used twice: ${order.id}`);
    return placeOrder(this, order);
  }

  restore(order: LimitOrder, lots: Lots): readonly BookEvent[] {
    assert(!this.resting.has(order.id), `order id used twice: ${order.id}`);
    const { id: makerId, side, price } = order;
    const takerSide = opposite(side);
    const events: BookEvent[] = [];
    let left = lots;
    const { ladder } = this.sides[takerSide];
    for (let taker = ladder.best()?.head ?? null; left > 0 && taker !== null; taker = ladder.best()?.head ?? null) {
      if (ladder.isBetter(price, taker.price)) break;
      const quantity = Math.min(left, taker.remaining);
      left -= quantity;
      events.push({ kind: 'traded', makerId, takerId: taker.id, takerSide, price, quantity });
      this.reduce(taker, quantity);
    }
    if (left > 0) this.rest(order, left);
    return events;
  }

  cancel(id: OrderId): readonly BookEvent[] {
    const order = this.resting.get(id);
    if (order === undefined) return [];
    const quantity = order.remaining;
    this.reduce(order, quantity);
    return [{ kind: 'canceled', id, quantity }];
  }

  best(side: Side): Ticks | null {
    return this.sides[side].ladder.bestPrice();
  }

  quantityAt(side: Side, price: Ticks): Lots {
    return this.sides[side].totalAt(price);
  }

  depth(side: Side, levelsMax: number): readonly DepthLevel[] {
    const levels: DepthLevel[] = [];
    this.sides[side].ladder.walk((price, level) => {
      if (levels.length >= levelsMax) return false;
      levels.push([price, level.total]);
      return true;
    });
    return levels;
  }

  estimate(order: BookOrder): Estimate {
    return estimateOrder(this, order);
  }

  drainChanges(): DepthChanges {
    return this.changes.drain((side, price) => this.quantityAt(side, price));
  }

  /** For {@link placeOrder}. */
  walk(side: Side, except: OwnerId | null, visit: (price: Ticks, lots: Lots) => boolean): void {
    this.sides[side].ladder.walk((price, level) => visit(price, lotsNotOf(level, except)));
  }

  /** For {@link placeOrder}. */
  takeBest(taker: BookOrder, lots: Lots, events: BookEvent[]): Lots {
    const level = this.sides[opposite(taker.side)].ladder.best();
    let taken = 0;
    for (let maker = level?.head ?? null; maker !== null && taken < lots; maker = maker.next) {
      if (maker.owner === taker.owner && taker.selfTradePrevention === 'expire-maker') {
        events.push({ kind: 'expired', id: maker.id, quantity: maker.remaining, reason: 'SELF_TRADE' });
        this.reduce(maker, maker.remaining);
        continue;
      }
      const quantity = Math.min(maker.remaining, lots - taken);
      taken += quantity;
      events.push({
        kind: 'traded',
        makerId: maker.id,
        takerId: taker.id,
        takerSide: taker.side,
        price: maker.price,
        quantity,
      });
      this.reduce(maker, quantity);
    }
    return taken;
  }

  /** For {@link placeOrder}. */
  rest(order: BookOrder & { readonly price: Ticks }, lots: Lots): void {
    const { id, owner, side, price } = order;
    const resting: RestingOrder = { id, owner, side, price, remaining: lots, ahead: 0, next: null, previous: null };
    this.sides[side].add(resting);
    this.resting.set(id, resting);
    this.changes.touch(side, price);
  }

  private reduce(order: RestingOrder, quantity: Lots): void {
    this.sides[order.side].reduce(order, quantity);
    if (order.remaining === 0) this.resting.delete(order.id);
    this.changes.touch(order.side, order.price);
  }
}
