import {
  type BookEvent,
  type BookOrder,
  bufferedDepthMax,
  DepthSplice,
  RecordedBook,
  recordedParty,
} from '@scalpstorm/matching';
import type { DepthRow, MarketRow, TradeRow } from '../data/market-row.js';
import { RefusedData } from '../data/refused-data.js';
import { emptyView, type LaneMarket, type MarketEar, type MarketView, type VenueOrder } from './lane-market.js';

/** One account trades here. */
const owner = 1;

interface NumberedDepth {
  readonly firstId: number;
  readonly lastId: number;
  readonly previousId: number | null;
  readonly row: DepthRow;
  readonly at: number;
}

/** A market of which the book was recorded: orders take what stood there, and wait in its queues (`RecordedBook`). */
export class BookMarket implements LaneMarket {
  readonly view: MarketView = emptyView();
  /** Updates of the book that are missing in the record. */
  gaps = 0;
  private readonly book = new RecordedBook();
  private readonly splice = new DepthSplice<NumberedDepth>();
  private readonly orders = new Map<number, VenueOrder>();
  private waiting: VenueOrder[] = [];
  private isOpen = false;

  constructor(private readonly ear: MarketEar) {}

  play(row: MarketRow, at: number): void {
    if (row.kind === 'depth') this.playDepth(row, at);
    else if (row.kind === 'trade' && this.isOpen) this.playTrade(row, at);
  }

  place(order: VenueOrder): void {
    if (!this.isOpen) {
      this.waiting.push(order);
      return;
    }
    const wanted = bookOrder(order);
    if (order.limit === null && !this.ear.affords(order, this.book.estimate(wanted).quote)) {
      this.ear.ended(order, 'too-poor');
      return;
    }
    this.orders.set(order.id, order);
    this.hear(this.book.place(wanted));
  }

  cancel(order: VenueOrder): boolean {
    const place = this.waiting.indexOf(order);
    if (place >= 0) this.waiting.splice(place, 1);
    return place >= 0 || (this.orders.delete(order.id) && this.book.cancel(order.id).length > 0);
  }

  private playDepth(row: DepthRow, at: number): void {
    const { ids } = row;
    if (ids === null) this.apply(row, at);
    else if (row.isSnapshot) {
      const waiting = this.splice.snapshot(ids.lastId);
      if (waiting === null) return;
      this.apply(row, at);
      for (const depth of waiting) this.offer(depth, at);
    } else this.offer({ ...ids, row, at }, at);
  }

  private offer(depth: NumberedDepth, at: number): void {
    const step = this.splice.offer(depth);
    if (step === 'buffer-full') throw new RefusedData(withoutSnapshot);
    if (step === 'apply-after-gap') this.gaps += 1;
    if (step === 'apply' || step === 'apply-after-gap') this.apply(depth.row, at);
  }

  private apply({ isSnapshot, bids, asks }: DepthRow, at: number): void {
    const depth = { bids, asks, time: at };
    this.hear(isSnapshot ? this.book.applySnapshot(depth) : this.book.applyDepth(depth));
    this.show(at);
    if (this.isOpen || this.view.bid === 0 || this.view.ask === 0) return;
    this.isOpen = true;
    const { waiting } = this;
    this.waiting = [];
    for (const order of waiting) this.place(order);
  }

  private playTrade({ ticks, lots, aggressor }: TradeRow, at: number): void {
    if (lots === 0) return;
    this.hear(this.book.applyTrade({ price: ticks, quantity: lots, aggressor, time: at }));
    const { view } = this;
    view.last = ticks;
    view.lastLots = lots;
    view.counted = lots;
    view.aggressor = aggressor;
    view.prints += 1;
    this.show(at);
  }

  private hear(events: readonly BookEvent[]): void {
    for (const event of events) this.hearOne(event);
  }

  private hearOne(event: BookEvent): void {
    switch (event.kind) {
      case 'accepted':
        this.ear.accepted(this.orderOf(event.id));
        return;
      case 'traded':
        this.trade(event.takerId, event.quantity, event.price, 'taker');
        this.trade(event.makerId, event.quantity, event.price, 'maker');
        return;
      case 'rejected':
        this.end(event.id, 'would-take');
        return;
      case 'expired':
        this.end(event.id, event.reason === 'SELF_TRADE' ? 'self-trade' : 'unfilled');
        return;
      // An order by quote amount is never sent from here, and who cancels knows it.
      case 'spent':
      case 'canceled':
        return;
    }
  }

  private trade(id: number, lots: number, ticks: number, liquidity: 'maker' | 'taker'): void {
    if (id === recordedParty) return;
    const order = this.orderOf(id);
    order.left -= lots;
    if (order.left === 0) this.orders.delete(id);
    this.ear.filled(order, lots, ticks, liquidity);
  }

  private end(id: number, end: 'would-take' | 'self-trade' | 'unfilled'): void {
    const order = this.orderOf(id);
    this.orders.delete(id);
    this.ear.ended(order, end);
  }

  private orderOf(id: number): VenueOrder {
    return this.orders.get(id) as VenueOrder;
  }

  private show(at: number): void {
    const { book, view } = this;
    const [bid, ask] = [book.best('buy') ?? 0, book.best('sell') ?? 0];
    view.version += 1;
    view.at = at;
    view.bid = bid;
    view.ask = ask;
    view.bidLots = bid === 0 ? 0 : book.quantityAt('buy', bid);
    view.askLots = ask === 0 ? 0 : book.quantityAt('sell', ask);
  }
}

/** A self-trade is no trade: the order that rested gives way, as venues are told to do it. */
function bookOrder({ id, side, limit, timeInForce, left }: VenueOrder): BookOrder {
  const identity = { id, owner, side, selfTradePrevention: 'expire-maker' as const, quantity: left };
  if (limit === null) return { ...identity, type: 'market' };
  if (timeInForce === 'PO') return { ...identity, type: 'limit-maker', price: limit };
  // What is good until a date rests until it is canceled.
  return { ...identity, type: 'limit', price: limit, timeInForce: timeInForce === 'GTD' ? 'GTC' : timeInForce };
}

const withoutSnapshot = {
  code: 'BOOK_WITHOUT_SNAPSHOT',
  text: `There are ${bufferedDepthMax} updates of the book and no snapshot that they change.`,
  next: 'Give a capture that holds a snapshot of the whole book at its beginning.',
} as const;
