import { assert } from '@scalpstorm/kernel';
import { opposite, type Side } from '@scalpstorm/model';
import { type BookEvent, recordedParty } from '../book-event.js';
import type { BookOrder, LimitOrder, Lots, OrderId, OwnerId, Ticks } from '../book-order.js';
import { LevelChanges } from '../level-changes.js';
import type { DepthChanges, DepthLevel, Estimate, MatchingBook } from '../matching-book.js';
import { estimateOrder, placeOrder } from '../placement.js';
import { lotsNotOf, type RestingLevel, type RestingOrder, RestingSide } from '../resting-side.js';
import { RecordedSide } from './recorded-side.js';

/** New totals of levels, 0 for gone; `time` in any unit that the trades use too. */
export interface RecordedDepth {
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
  readonly time: number;
}

export interface RecordedTrade {
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly aggressor: Side;
  readonly time: number;
}

/**
 * A book driven by recorded depth and trades, on which our own orders meet what was really there, and nothing else:
 * - an incoming order takes the recorded levels that are still available, best first, each at most once;
 * - a resting order waits behind what the record displays at its price when it is accepted. Recorded trades there shorten
 *   that queue, and so does the level when it shrinks below it; only what trades beyond the queue fills us;
 * - a recorded trade at a worse price went through ours: it fills us up to the traded quantity;
 * - a recorded level of the other side at our price or better fills us up to the displayed quantity, which is then consumed.
 * Every recorded lot fills us at most once. Our orders do not move the record: it is history.
 */
export class RecordedBook implements MatchingBook {
  private readonly recorded: Record<Side, RecordedSide> = {
    buy: new RecordedSide('buy'),
    sell: new RecordedSide('sell'),
  };
  private readonly own: Record<Side, RestingSide> = { buy: new RestingSide('buy'), sell: new RestingSide('sell') };
  private readonly resting = new Map<OrderId, RestingOrder>();
  private readonly changes = new LevelChanges();
  private stamp = 0;

  get updateId(): number {
    return this.changes.updateId;
  }

  touch(): void {
    this.changes.updateId += 1;
  }

  /** Replaces the recorded book; our resting orders stay. */
  applySnapshot(depth: RecordedDepth): readonly BookEvent[] {
    const whole = (side: Side, levels: readonly DepthLevel[]): DepthLevel[] => {
      const named = new Set(levels.map(([price]) => price));
      const gone = this.recorded[side].prices().filter((price) => !named.has(price));
      return [...gone.map((price): DepthLevel => [price, 0]), ...levels];
    };
    return this.applyDepth({ bids: whole('buy', depth.bids), asks: whole('sell', depth.asks), time: depth.time });
  }

  applyDepth(depth: RecordedDepth): readonly BookEvent[] {
    this.stamp += 1;
    for (const side of ['buy', 'sell'] as const) {
      for (const price of this.recorded[side].forgetTraded(depth.time)) this.changes.touch(side, price);
    }
    for (const [price, lots] of depth.bids) this.setLevel('buy', price, lots);
    for (const [price, lots] of depth.asks) this.setLevel('sell', price, lots);
    this.dropStaleLevels();
    const events: BookEvent[] = [];
    for (const side of ['buy', 'sell'] as const) this.meetDisplayed(side, events);
    return events;
  }

  applyTrade(trade: RecordedTrade): readonly BookEvent[] {
    const side = opposite(trade.aggressor);
    const events: BookEvent[] = [];
    this.meetTraded(side, trade, events);
    this.hideTraded(side, trade);
    return events;
  }

  place(order: BookOrder): readonly BookEvent[] {
    assert(!this.resting.has(order.id), `order id used twice: ${order.id}`);
    return placeOrder(this, order);
  }

  restore(order: LimitOrder, lots: Lots): readonly BookEvent[] {
    assert(!this.resting.has(order.id), `order id used twice: ${order.id}`);
    const events: BookEvent[] = [];
    this.rest(order, lots);
    this.meetDisplayed(order.side, events);
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
    const { ladder } = this.recorded[side];
    const [recorded, own] = [ladder.bestPrice(), this.own[side].ladder.bestPrice()];
    if (recorded === null || own === null) return recorded ?? own;
    return ladder.isBetter(own, recorded) ? own : recorded;
  }

  /** What can be taken: recorded and ours together. */
  quantityAt(side: Side, price: Ticks): Lots {
    return this.recorded[side].availableAt(price) + this.own[side].totalAt(price);
  }

  depth(side: Side, levelsMax: number): readonly DepthLevel[] {
    const levels: DepthLevel[] = [];
    this.walk(side, null, (price, lots) => levels.push([price, lots]) < levelsMax);
    return levels.slice(0, levelsMax);
  }

  estimate(order: BookOrder): Estimate {
    return estimateOrder(this, order);
  }

  drainChanges(): DepthChanges {
    return this.changes.drain((side, price) => this.quantityAt(side, price));
  }

  /** For {@link placeOrder}: the recorded ladder and ours, merged. */
  walk(side: Side, except: OwnerId | null, visit: (price: Ticks, lots: Lots) => boolean): void {
    const ours: RestingLevel[] = [];
    this.own[side].ladder.walk((_price, level) => ours.push(level) > 0);
    const { ladder } = this.recorded[side];
    let next = 0;
    let goesOn = true;
    const visitOursBetterThan = (price: Ticks | null): void => {
      for (let level = ours[next]; goesOn && level !== undefined; level = ours[next]) {
        if (price !== null && !ladder.isBetter(level.price, price)) return;
        next += 1;
        goesOn = visit(level.price, lotsNotOf(level, except));
      }
    };
    ladder.walk((price, available) => {
      visitOursBetterThan(price);
      const level = ours[next]?.price === price ? ours[next] : undefined;
      if (level !== undefined) next += 1;
      goesOn = goesOn && visit(price, available + (level === undefined ? 0 : lotsNotOf(level, except)));
      return goesOn;
    });
    visitOursBetterThan(null);
  }

  /** For {@link placeOrder}: recorded lots and our own orders at the best price, in the order in which they queue. */
  takeBest(taker: BookOrder, lots: Lots, events: BookEvent[]): Lots {
    const side = opposite(taker.side);
    const price = this.best(side);
    if (price === null) return 0;
    const available = this.recorded[side].availableAt(price);
    let [taken, eaten] = [0, 0];
    const eat = (upTo: Lots): void => {
      const quantity = Math.min(lots - taken, Math.min(upTo, available) - eaten);
      if (quantity <= 0) return;
      taken += quantity;
      eaten += quantity;
      events.push({
        kind: 'traded',
        makerId: recordedParty,
        takerId: taker.id,
        takerSide: taker.side,
        price,
        quantity,
      });
    };
    const level = this.own[side].ladder.get(price);
    for (let maker = level?.head ?? null; maker !== null; maker = maker.next) {
      eat(maker.ahead);
      maker.ahead = Math.max(0, maker.ahead - eaten);
      if (taken === lots) continue;
      if (maker.owner === taker.owner && taker.selfTradePrevention === 'expire-maker') {
        events.push({ kind: 'expired', id: maker.id, quantity: maker.remaining, reason: 'SELF_TRADE' });
        this.reduce(maker, maker.remaining);
        continue;
      }
      const quantity = Math.min(maker.remaining, lots - taken);
      taken += quantity;
      events.push({ kind: 'traded', makerId: maker.id, takerId: taker.id, takerSide: taker.side, price, quantity });
      this.reduce(maker, quantity);
    }
    eat(available);
    if (eaten > 0) this.consume(side, price, eaten);
    return taken;
  }

  /** For {@link placeOrder}: the newcomer waits behind everything that the record displays at its price. */
  rest(order: BookOrder & { readonly price: Ticks }, lots: Lots): void {
    const { id, owner, side, price } = order;
    const ahead = this.recorded[side].recordedAt(price);
    const resting: RestingOrder = { id, owner, side, price, remaining: lots, ahead, next: null, previous: null };
    this.own[side].add(resting);
    this.resting.set(id, resting);
    this.changes.touch(side, price);
  }

  private setLevel(side: Side, price: Ticks, recorded: Lots): void {
    if (this.recorded[side].set(price, recorded, this.stamp)) this.changes.touch(side, price);
    const level = this.own[side].ladder.get(price);
    for (let order = level?.head ?? null; order !== null; order = order.next)
      order.ahead = Math.min(order.ahead, recorded);
  }

  /** A gap in the record can leave levels behind that the newer other side has passed: the newer one is believed. */
  private dropStaleLevels(): void {
    const { buy, sell } = this.recorded;
    for (;;) {
      const [bid, ask] = [buy.ladder.bestPrice(), sell.ladder.bestPrice()];
      if (bid === null || ask === null || bid < ask) return;
      if (buy.stampAt(bid) < sell.stampAt(ask)) this.setLevel('buy', bid, 0);
      else this.setLevel('sell', ask, 0);
    }
  }

  /** Our resting orders of `side` against displayed levels of the other side that came to their price. */
  private meetDisplayed(side: Side, events: BookEvent[]): void {
    const other = this.recorded[opposite(side)];
    for (;;) {
      const order = this.own[side].ladder.best()?.head ?? null;
      const price = other.ladder.bestPrice();
      if (order === null || price === null || other.ladder.isBetter(order.price, price)) return;
      const quantity = Math.min(order.remaining, other.availableAt(price));
      this.fill(order, quantity, events);
      this.consume(opposite(side), price, quantity);
    }
  }

  private meetTraded(side: Side, trade: RecordedTrade, events: BookEvent[]): void {
    const { ladder } = this.own[side];
    let left = trade.quantity;
    for (let level = ladder.best(); level !== null && left > 0; level = ladder.best()) {
      if (!ladder.isBetter(level.price, trade.price)) break;
      // The trade went through this price: whoever queued before us has been served.
      for (let order = level.head; order !== null; order = order.next) order.ahead = 0;
      const order = level.head;
      if (order === null) break;
      const quantity = Math.min(left, order.remaining);
      left -= quantity;
      this.fill(order, quantity, events);
    }
    let eaten = 0;
    for (let order = ladder.get(trade.price)?.head ?? null; order !== null; order = order.next) {
      const queue = Math.min(left, Math.max(0, order.ahead - eaten));
      eaten += queue;
      left -= queue;
      order.ahead = Math.max(0, order.ahead - eaten);
      const quantity = order.ahead === 0 ? Math.min(left, order.remaining) : 0;
      left -= quantity;
      if (quantity > 0) this.fill(order, quantity, events);
    }
  }

  /** What others took is not there for us until the next depth update says what is left. */
  private hideTraded(side: Side, trade: RecordedTrade): void {
    const through: [Ticks, Lots][] = [];
    this.recorded[side].ladder.walk((price, available) => {
      if (!this.recorded[side].ladder.isBetter(price, trade.price)) return false;
      through.push([price, available]);
      return true;
    });
    for (const [price, lots] of [...through, [trade.price, trade.quantity] as const]) {
      if (this.recorded[side].markTraded(price, lots, trade.time)) this.changes.touch(side, price);
    }
  }

  private fill(maker: RestingOrder, quantity: Lots, events: BookEvent[]): void {
    const { id: makerId, side, price } = maker;
    events.push({ kind: 'traded', makerId, takerId: recordedParty, takerSide: opposite(side), price, quantity });
    this.reduce(maker, quantity);
  }

  private consume(side: Side, price: Ticks, lots: Lots): void {
    this.recorded[side].consume(price, lots);
    this.changes.touch(side, price);
  }

  private reduce(order: RestingOrder, quantity: Lots): void {
    this.own[order.side].reduce(order, quantity);
    if (order.remaining === 0) this.resting.delete(order.id);
    this.changes.touch(order.side, order.price);
  }
}
