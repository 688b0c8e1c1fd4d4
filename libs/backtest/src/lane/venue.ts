import { Timestamp } from '@scalpstorm/kernel';
import {
  type ClientOrderId,
  checkFilters,
  type Fill,
  type Instrument,
  notional,
  type OrderEvent,
  type OrderRequest,
  Price,
  type Reason,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import type { Scale } from '../data/scale.js';
import type { FeeBook } from './fees.js';
import type { LaneMarket, MarketEar, VenueEnd, VenueOrder } from './lane-market.js';
import type { Wallet } from './wallet.js';

/** An instrument of the run and where it is traded. */
export interface Listing {
  readonly instrument: Instrument;
  readonly scale: Scale;
  readonly market: LaneMarket;
}

interface OpenOrder extends VenueOrder {
  readonly request: OrderRequest;
  readonly venueOrderId: VenueOrderId;
  /** What it keeps of the wallet, in 10^-18 of its currency. */
  locked: bigint;
}

export interface VenueParts {
  readonly wallet: Wallet;
  readonly fees: FeeBook;
  readonly isSpot: boolean;
  now(): Timestamp;
  listing(request: OrderRequest): Listing;
  /** What has happened to an order, at the venue and now. */
  report(id: ClientOrderId, event: OrderEvent): void;
}

/** The simulated venue: its rules, its books of orders, and what fills do to the account. */
export class Venue implements MarketEar {
  readonly fills: Fill[] = [];
  private readonly open = new Map<ClientOrderId, OpenOrder>();
  private orders = 0;

  constructor(private readonly parts: VenueParts) {}

  place(request: OrderRequest): void {
    const { instrument, scale, market } = this.parts.listing(request);
    this.orders += 1;
    const order: OpenOrder = {
      id: this.orders,
      side: request.side,
      limit: null,
      timeInForce: request.timeInForce,
      left: 0,
      request,
      venueOrderId: VenueOrderId.of(`v${this.orders}`),
      locked: 0n,
    };
    const refusal = filterRefusal(instrument, request, market);
    if (refusal !== null) {
      this.refuse(request, refusal);
      return;
    }
    const sized: OpenOrder = Object.assign(order, {
      limit: request.price === null ? null : scale.ticksOf(request.price),
      left: scale.lotsOf(request.quantity),
    });
    if (!this.lock(sized, instrument)) {
      this.refuse(request, tooPoor);
      return;
    }
    this.open.set(request.clientOrderId, sized);
    market.place(sized);
  }

  cancel(id: ClientOrderId): void {
    const order = this.open.get(id);
    if (order === undefined || !this.parts.listing(order.request).market.cancel(order)) {
      this.parts.report(id, { kind: 'cancel-rejected', reason: notThere });
      return;
    }
    this.close(order);
    this.parts.report(id, { kind: 'canceled', reason: { code: 'VENUE_CANCELED', text: 'As we asked.' } });
  }

  /** Of a sale the base is kept from the beginning on; what a buy at the market costs is only known when it meets the market. */
  affords(order: VenueOrder, cost: bigint): boolean {
    const { wallet, isSpot } = this.parts;
    const { instrument } = this.parts.listing((order as OpenOrder).request);
    if (!isSpot || order.side === 'sell') return true;
    return this.withFee(cost * tickLot(instrument)) <= wallet.free(instrument.quote);
  }

  accepted(order: VenueOrder): void {
    const { request, venueOrderId } = order as OpenOrder;
    this.parts.report(request.clientOrderId, { kind: 'accepted', venueOrderId });
  }

  filled(order: VenueOrder, lots: number, ticks: number, liquidity: 'maker' | 'taker'): void {
    const { request, venueOrderId } = order as OpenOrder;
    const { instrument, scale } = this.parts.listing(request);
    const priced = { side: request.side, price: scale.price(ticks), quantity: scale.quantity(lots), liquidity };
    const fill: Fill = {
      ...priced,
      tradeId: TradeId.of(`t${this.fills.length + 1}`),
      clientOrderId: request.clientOrderId,
      venueOrderId,
      instrumentId: instrument.id,
      fee: this.parts.fees.take(instrument, priced, this.parts.now()),
      occurredAt: this.parts.now(),
    };
    this.fills.push(fill);
    this.parts.wallet.book(fill, instrument);
    if (order.left === 0) this.close(order as OpenOrder);
    else this.keep(order as OpenOrder, instrument);
    this.parts.report(request.clientOrderId, { kind: 'filled', fill });
  }

  ended(order: VenueOrder, end: VenueEnd): void {
    const { request } = order as OpenOrder;
    this.close(order as OpenOrder);
    if (end === 'would-take') this.refuse(request, wouldTake);
    else if (end === 'too-poor') this.refuse(request, tooPoor);
    else this.parts.report(request.clientOrderId, { kind: 'expired', reason: expired[end] });
  }

  private refuse({ clientOrderId }: OrderRequest, reason: Reason): void {
    this.parts.report(clientOrderId, { kind: 'rejected', reason });
  }

  /** False: the account does not have what it takes. On margin the gate has seen to that, and nothing is taken away. */
  private lock(order: OpenOrder, instrument: Instrument): boolean {
    if (!this.parts.isSpot) return true;
    const { wallet } = this.parts;
    const currency = order.side === 'buy' ? instrument.quote : instrument.base;
    const amount = this.needed(order, instrument);
    if (amount > wallet.free(currency)) return false;
    order.locked = amount;
    wallet.lock(currency, amount);
    return true;
  }

  /** Less is left of it, so less is kept. */
  private keep(order: OpenOrder, instrument: Instrument): void {
    if (order.locked === 0n) return;
    const currency = order.side === 'buy' ? instrument.quote : instrument.base;
    const amount = this.needed(order, instrument);
    this.parts.wallet.lock(currency, amount - order.locked);
    order.locked = amount;
  }

  private close(order: OpenOrder): void {
    const { instrument } = this.parts.listing(order.request);
    this.parts.wallet.lock(order.side === 'buy' ? instrument.quote : instrument.base, -order.locked);
    order.locked = 0n;
    this.open.delete(order.request.clientOrderId);
  }

  /** In 10^-18: base for a sale; for a buy the quote that its limit may come to, and the fee where that is in quote. */
  private needed({ side, limit, left }: OpenOrder, instrument: Instrument): bigint {
    if (side === 'sell') return BigInt(left) * instrument.stepSize * 10n ** 6n;
    return this.withFee(BigInt(limit ?? 0) * BigInt(left) * tickLot(instrument));
  }

  private withFee(amount: bigint): bigint {
    return amount + this.parts.fees.reserveOn(amount);
  }
}

/** What one tick of one lot is worth, in 10^-18. */
const tickLot = ({ tickSize, stepSize, quote }: Instrument): bigint => notional(tickSize, stepSize, quote).amount;

function filterRefusal(instrument: Instrument, request: OrderRequest, { view }: LaneMarket): Reason | null {
  const market = view.last > 0 ? view.last : view.ask;
  const price = request.price ?? Price.fromUnits(BigInt(market) * instrument.tickSize);
  if (request.price === null && market === 0) return null;
  const checked = checkFilters(instrument, price, request.quantity, request.type);
  if (checked.ok) return null;
  const { code, value, limit } = checked.error;
  return { code, text: `The venue does not take ${value} (${limit}).` };
}

const tooPoor: Reason = { code: 'INSUFFICIENT_BALANCE', text: 'The account does not have what the order needs.' };
const wouldTake: Reason = { code: 'WOULD_TAKE', text: 'It was to rest, and would have taken.' };
const notThere: Reason = { code: 'VENUE_NOT_FOUND', text: 'The venue has no such order.' };
const expired: Readonly<Record<Exclude<VenueEnd, 'would-take' | 'too-poor'>, Reason>> = {
  unfilled: { code: 'VENUE_EXPIRED', text: 'There was no more to take.' },
  'self-trade': { code: 'VENUE_EXPIRED', text: 'It would have traded with the account’s own order.' },
};
