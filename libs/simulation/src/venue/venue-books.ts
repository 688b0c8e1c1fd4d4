import type { Timestamp } from '@scalpstorm/kernel';
import {
  type Balance,
  type Currency,
  type Instrument,
  Money,
  notional,
  type OrderRequest,
  type Price,
  Quantity,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import type {
  CancelOutcome,
  ListedOrder,
  OrderReport,
  PlaceOutcome,
  VenueFill,
  VenueOrderView,
} from '@scalpstorm/venue-api';
import type { VenueNews, VenueWatch } from './venue-news.js';
import {
  isWaiting,
  isWorking,
  leftOf,
  type VenueOrder,
  viewAt,
  viewOf,
  workingStatuses,
  wouldTrigger,
} from './venue-order.js';

export interface VenueParts {
  readonly instrument: Instrument;
  readonly clock: { now(): Timestamp };
  readonly price: () => Price;
  readonly watch: VenueWatch;
  /** Whether an end that is told now leaves out a trade of the same moment. */
  countsLate(): boolean;
  tell(news: readonly VenueNews[]): void;
}

interface Purse {
  free: bigint;
  locked: bigint;
}

/** 0.1 % of what is received. */
const feeShare = 1_000n;

/**
 * The truth. A small spot venue with one account: exact balances, a client id that must be unique among the open orders alone, requests
 * that it refuses after their own expiry, an answer that may be as old as its readers lie behind.
 */
export class VenueBooks {
  readonly orders: VenueOrder[] = [];
  readonly fills: VenueFill[] = [];
  private readonly purses = new Map<Currency, Purse>();
  private readonly history: { readonly at: Timestamp; readonly balances: readonly Balance[] }[] = [];

  constructor(
    private readonly parts: VenueParts,
    start: readonly Money[],
  ) {
    for (const { currency, amount } of start) this.purses.set(currency, { free: amount, locked: 0n });
    this.remember();
  }

  get open(): readonly VenueOrder[] {
    return this.orders.filter(isWorking);
  }

  place(request: OrderRequest, expiresAt: Timestamp): PlaceOutcome {
    const now = this.parts.clock.now();
    if (now > expiresAt) return rejected('REQUEST_EXPIRED', 'outside of its window', true);
    if (this.find(request.clientOrderId)) {
      return { kind: 'unknown', code: 'DUPLICATE_CLIENT_ORDER_ID', text: 'an open order has this id' };
    }
    if (wouldTrigger(request, this.parts.price()))
      return rejected('WOULD_TRIGGER', 'the market is there already', false);
    const [currency, amount] = this.needOf(request);
    const purse = this.purseOf(currency);
    if (purse.free < amount) return rejected('INSUFFICIENT_BALANCE', 'not enough is free', false);
    purse.free -= amount;
    purse.locked += amount;
    return this.accept(request, now);
  }

  /** The price has moved: what waited for it goes to the market. */
  trigger(): void {
    for (const order of this.open) {
      if (!isWaiting(order) || !wouldTrigger(order.request, this.parts.price())) continue;
      this.tellReport('triggered', this.change(order, { triggered: true }));
      this.fill(order, leftOf(order), this.parts.price(), 'taker');
    }
  }

  cancel(clientOrderId: string): CancelOutcome {
    const order = this.find(clientOrderId);
    if (order === undefined) return { kind: 'not-found' };
    return { kind: 'canceled', order: this.end(order, 'canceled') };
  }

  /** Somebody trades with a resting order. */
  fill(order: VenueOrder, quantity: Quantity, price: Price, liquidity: 'maker' | 'taker' = 'maker'): VenueFill {
    const { request } = order;
    const fill = this.fillOf(order, quantity, price, liquidity);
    this.move(request, fill);
    this.fills.push(fill);
    const filledQuantity = Quantity.plus(viewOf(order).filledQuantity, quantity);
    const status = filledQuantity === request.quantity ? 'filled' : 'partially-filled';
    const view = this.change(order, { status, filledQuantity });
    this.parts.watch.filled(order, fill);
    this.parts.tell([{ kind: 'fill', fill, order: view }, this.balanceNews(fill.occurredAt)]);
    return fill;
  }

  /** As it was known at that time. */
  lookup(clientOrderId: string, venueOrderId: VenueOrderId | null, asOf: Timestamp): VenueOrderView | 'not-found' {
    const known = this.orders.flatMap((order) => viewAt(order, asOf) ?? []);
    const named = known.filter((view) => view.clientOrderId === clientOrderId);
    return named.at(-1) ?? known.find((view) => view.venueOrderId === venueOrderId) ?? 'not-found';
  }

  openAt(asOf: Timestamp): readonly VenueOrderView[] {
    return this.orders
      .flatMap((order) => viewAt(order, asOf) ?? [])
      .filter(({ status }) => workingStatuses.has(status));
  }

  listedFrom(from: VenueOrderId | null, asOf: Timestamp): readonly ListedOrder[] {
    const known = this.orders.flatMap((order): ListedOrder[] => {
      const view = viewAt(order, asOf);
      return view === null ? [] : [{ ...view, timeInForce: order.request.timeInForce }];
    });
    return from === null ? known : known.filter(({ venueOrderId }) => Number(venueOrderId) >= Number(from));
  }

  fillsFrom(since: Timestamp, from: TradeId | undefined, asOf: Timestamp): readonly VenueFill[] {
    return this.fills.filter((fill) => {
      if (fill.occurredAt > asOf) return false;
      return from === undefined ? fill.occurredAt >= since : Number(fill.tradeId) >= Number(from);
    });
  }

  balancesAt(asOf: Timestamp): readonly Balance[] {
    const known = this.history.findLast(({ at }) => at <= asOf) ?? this.history[0];
    return known?.balances ?? [];
  }

  /** Of each currency all that there is, in units of 10^-18. */
  totals(): ReadonlyMap<Currency, bigint> {
    return new Map([...this.purses].map(([currency, { free, locked }]) => [currency, free + locked]));
  }

  private accept(request: OrderRequest, now: Timestamp): PlaceOutcome {
    const venueOrderId = VenueOrderId.of(String(this.orders.length + 1));
    const { clientOrderId, instrumentId, side, type, price, quantity } = request;
    const waits = request.trigger === undefined ? {} : { trigger: request.trigger, triggered: false };
    const written = {
      ...waits,
      clientOrderId,
      venueOrderId,
      instrumentId,
      side,
      type,
      price,
      quantity,
      updatedAt: now,
    };
    const view: VenueOrderView = { ...written, filledQuantity: Quantity.zero, status: 'open' };
    const order: VenueOrder = { request, placedAt: now, views: [view] };
    this.orders.push(order);
    this.remember();
    this.parts.watch.accepted(order);
    this.tellReport('accepted', view);
    const fills = this.isMarketable(request) ? [this.fill(order, quantity, this.parts.price(), 'taker')] : [];
    return { kind: 'accepted', venueOrderId, order: viewOf(order), fills };
  }

  private isMarketable({ type, side, price, trigger }: OrderRequest): boolean {
    if (trigger !== undefined) return false;
    if (type === 'market' || price === null) return true;
    return side === 'buy' ? price > this.parts.price() : price < this.parts.price();
  }

  /** @returns what is told of it, which may lack a trade that came in the last moment */
  private end(order: VenueOrder, status: 'canceled' | 'expired'): VenueOrderView {
    const { request } = order;
    const { filledQuantity } = viewOf(order);
    if (this.parts.countsLate()) this.tradeInTheLastMoment(order);
    const left = leftOf(order);
    const [currency, amount] = this.needOf({ ...request, quantity: left });
    const purse = this.purseOf(currency);
    purse.locked -= amount;
    purse.free += amount;
    const told = { ...this.change(order, { status }), filledQuantity };
    this.parts.watch.ended(order);
    this.tellReport(status, told);
    return told;
  }

  private tradeInTheLastMoment(order: VenueOrder): void {
    const { stepSize } = this.parts.instrument;
    const half = Quantity.floorTo(Quantity.fromUnits(leftOf(order) / 2n), stepSize);
    const { price } = order.request;
    if (half > 0n && price !== null) this.parts.watch.leftOut(order, this.fill(order, half, price));
  }

  private change(order: VenueOrder, changes: Partial<VenueOrderView>): VenueOrderView {
    const view = { ...viewOf(order), ...changes, updatedAt: this.parts.clock.now() };
    order.views.push(view);
    this.remember();
    return view;
  }

  private fillOf(order: VenueOrder, quantity: Quantity, price: Price, liquidity: 'maker' | 'taker'): VenueFill {
    const { instrumentId, side, clientOrderId } = order.request;
    const { base, quote } = this.parts.instrument;
    const got = side === 'buy' ? Money.fromQuantity(quantity, base) : notional(price, quantity, quote);
    return {
      tradeId: TradeId.of(String(this.fills.length + 1)),
      clientOrderId,
      venueOrderId: viewOf(order).venueOrderId,
      instrumentId,
      side,
      price,
      quantity,
      fee: { amount: got.amount / feeShare, currency: got.currency },
      liquidity,
      occurredAt: this.parts.clock.now(),
    };
  }

  private move(request: OrderRequest, { quantity, price, fee }: VenueFill): void {
    const { base, quote } = this.parts.instrument;
    const [currency, reserved] = this.needOf({ ...request, quantity });
    const paid = request.side === 'buy' ? notional(price, quantity, quote) : Money.fromQuantity(quantity, base);
    const got = request.side === 'buy' ? Money.fromQuantity(quantity, base) : notional(price, quantity, quote);
    const from = this.purseOf(currency);
    from.locked -= reserved;
    from.free += reserved - paid.amount;
    this.purseOf(got.currency).free += got.amount - fee.amount;
  }

  /** What has to be there for it. A market order is taken at the price of its moment, with room. */
  private needOf({ side, quantity, price }: OrderRequest): readonly [Currency, bigint] {
    const { base, quote } = this.parts.instrument;
    if (side === 'sell') return [base, Money.fromQuantity(quantity, base).amount];
    return [quote, notional(price ?? this.parts.price(), quantity, quote).amount];
  }

  private find(clientOrderId: string): VenueOrder | undefined {
    return this.orders.findLast((order) => order.request.clientOrderId === clientOrderId && isWorking(order));
  }

  private tellReport(kind: OrderReport['kind'], view: VenueOrderView): void {
    const report = { kind, order: view, reason: null, occurredAt: view.updatedAt };
    this.parts.tell([{ kind: 'report', report }, this.balanceNews(view.updatedAt)]);
  }

  private balanceNews(at: Timestamp): VenueNews {
    return { kind: 'balances', balances: this.balances(), at };
  }

  private balances(): readonly Balance[] {
    return [...this.purses].map(([currency, { free, locked }]) => ({
      currency,
      free: { amount: free, currency },
      locked: { amount: locked, currency },
    }));
  }

  private remember(): void {
    this.history.push({ at: this.parts.clock.now(), balances: this.balances() });
  }

  private purseOf(currency: Currency): Purse {
    const known = this.purses.get(currency);
    if (known !== undefined) return known;
    const purse = { free: 0n, locked: 0n };
    this.purses.set(currency, purse);
    return purse;
  }
}

function rejected(
  code: 'REQUEST_EXPIRED' | 'INSUFFICIENT_BALANCE' | 'WOULD_TRIGGER',
  text: string,
  retryable: boolean,
): PlaceOutcome {
  return { kind: 'rejected', code, text, retryable };
}
