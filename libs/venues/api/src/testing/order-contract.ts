import { expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import {
  type Balance,
  type Instrument,
  type InstrumentId,
  type OrderRequest,
  Price,
  Quantity,
} from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import type { RecordingExecutionListener } from './recording-listeners.js';
import { patience, type Standing, totalOf } from './standing.js';

/** What execution expects when it places, looks up and cancels. */
export function describeOrders(get: () => Standing): void {
  describeLife(get);
  describeIds(get);
  describeList(get);
  describeRejections(get);
}

function describeLife(get: () => Standing): void {
  it('takes a resting order under our id, tells it, finds it, lists it and cancels it', async () => {
    const { venue, orders, listener, quote, expiry } = get();
    const request = orders.resting(quote());
    const { clientOrderId, instrumentId, price, quantity } = request;
    const placed = await venue.execution.place(request, expiry());
    expect(placed).toMatchObject({
      kind: 'accepted',
      fills: [],
      order: { clientOrderId, price, quantity, status: 'open' },
    });
    expect(await venue.execution.lookup(clientOrderId, instrumentId)).toMatchObject({ clientOrderId, price, quantity });
    const open = await venue.execution.openOrders(instrumentId);
    expect(open.filter((order) => order.clientOrderId === clientOrderId)).toHaveLength(1);
    const canceled = await venue.execution.cancel({ instrumentId, clientOrderId });
    expect(canceled).toMatchObject({ kind: 'canceled', order: { clientOrderId, status: 'canceled' } });
    expect(await venue.execution.cancel({ instrumentId, clientOrderId })).toEqual({ kind: 'not-found' });
    await eventually(() => expect(reportsOf(listener, clientOrderId)).toEqual(['accepted', 'canceled']), patience);
  });
}

/** What the venue took, also when our books do not know it. */
function describeList(get: () => Standing): void {
  it('lists every order of an instrument from one on, oldest first, whatever became of it and as it was asked for', async () => {
    const { venue, orders, quote, expiry } = get();
    const [first, second, filled] = [orders.resting(quote()), orders.resting(quote()), orders.market(quote(), 'buy')];
    const { instrumentId } = first;
    const placed = await venue.execution.place(first, expiry());
    if (placed.kind !== 'accepted') throw new Error(`not accepted: ${placed.kind}`);
    await venue.execution.place(second, expiry());
    await venue.execution.cancel(first);
    await venue.execution.place(filled, expiry());
    const listed = await venue.execution.ordersFrom(instrumentId, placed.venueOrderId);
    const wanted = [first, second, filled].map(({ clientOrderId }) => clientOrderId);
    expect(listed.map(({ clientOrderId }) => clientOrderId)).toEqual(wanted);
    expect(listed).toMatchObject([
      { status: 'canceled', price: first.price, timeInForce: first.timeInForce },
      { status: 'open', quantity: second.quantity },
      { status: 'filled', type: 'market', price: null, timeInForce: 'GTC' },
    ]);
    const newest = await venue.execution.ordersFrom(instrumentId, null);
    expect(newest.slice(-3).map(({ clientOrderId }) => clientOrderId)).toEqual(wanted);
    await venue.execution.cancel(second);
    await venue.execution.place(orders.market(quote(), 'sell'), expiry());
  });
}

/** One id, one open order; absence is proved only by the venue. */
function describeIds(get: () => Standing): void {
  it('never takes a second order under the id of an open one', async () => {
    const { venue, orders, quote, expiry } = get();
    const request = orders.resting(quote());
    await venue.execution.place(request, expiry());
    const again = await venue.execution.place(request, expiry());
    expect(again).toMatchObject({ kind: 'unknown', code: 'DUPLICATE_CLIENT_ORDER_ID' });
    const open = await venue.execution.openOrders(null);
    expect(open.filter((order) => order.clientOrderId === request.clientOrderId)).toHaveLength(1);
    await venue.execution.cancel(request);
  });

  it('lets one of two cancels of one order win, and the other find nothing to cancel', async () => {
    const { venue, orders, quote, expiry } = get();
    const request = orders.resting(quote());
    await venue.execution.place(request, expiry());
    const outcomes = await Promise.all([venue.execution.cancel(request), venue.execution.cancel(request)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['canceled', 'not-found']);
    expect(await venue.execution.lookup(request.clientOrderId, request.instrumentId)).toMatchObject({
      status: 'canceled',
      filledQuantity: Quantity.zero,
    });
  });

  it('takes an id again whose order has ended, so only a look-up after the expiry is proof', async () => {
    const { venue, orders, quote, expiry } = get();
    const request = orders.resting(quote());
    const { clientOrderId, instrumentId } = request;
    const first = await venue.execution.place(request, expiry());
    await venue.execution.cancel(request);
    const second = await venue.execution.place(request, expiry());
    // A venue that remembers ended ids says unknown; either way there is at most one open order.
    expect(['accepted', 'unknown', 'rejected']).toContain(second.kind);
    const open = await venue.execution.openOrders(instrumentId);
    expect(open.filter((order) => order.clientOrderId === clientOrderId)).toHaveLength(
      second.kind === 'accepted' ? 1 : 0,
    );
    if (first.kind === 'accepted' && second.kind === 'accepted')
      expect(second.venueOrderId).not.toBe(first.venueOrderId);
    await venue.execution.cancel(request);
  });

  it('says not-found for an id that it never saw', async () => {
    const { venue, orders } = get();
    const clientOrderId = orders.next();
    expect(await venue.execution.lookup(clientOrderId, venue.instrumentId)).toBe('not-found');
    expect(await venue.execution.cancel({ clientOrderId, instrumentId: venue.instrumentId })).toEqual({
      kind: 'not-found',
    });
  });

  it('does not place a request that has expired, and proves it', async () => {
    const { venue, orders, quote } = get();
    const request = orders.resting(quote());
    const expiresAt = Timestamp.plus(venue.execution.venueTime(), -1);
    const outcome = await venue.execution.place(request, { expiresAt });
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'REQUEST_EXPIRED', retryable: true });
    expect(await venue.execution.lookup(request.clientOrderId, request.instrumentId)).toBe('not-found');
  });
}

/** What the venue never takes, with proof that it did not. */
function describeRejections(get: () => Standing): void {
  const bad: readonly [string, (request: OrderRequest, account: Affluence) => OrderRequest, string][] = [
    [
      'a quantity off the step',
      (request, { instrument }) => {
        const tenth = Quantity.fromUnits(instrument.stepSize / 10n);
        return { ...request, quantity: Quantity.plus(request.quantity, tenth) };
      },
      'FILTER_FAILURE',
    ],
    [
      'a price off the tick',
      (request, { instrument }) => {
        const half = Price.fromUnits(instrument.tickSize / 2n);
        return { ...request, price: Price.plus(request.price ?? Price.zero, half) };
      },
      'FILTER_FAILURE',
    ],
    ['more than the account has', beyondMeans, 'INSUFFICIENT_BALANCE'],
  ];
  it.each(bad)('rejects %s with proof that no order exists', async (_, spoil, code) => {
    const { venue, orders, instrument, quote, expiry } = get();
    const request = spoil(orders.resting(quote()), { instrument, balances: await venue.execution.balances() });
    expect(await venue.execution.place(request, expiry())).toMatchObject({ kind: 'rejected', code, retryable: false });
    expect(await venue.execution.lookup(request.clientOrderId, request.instrumentId)).toBe('not-found');
  });

  it('names the rule that an order breaks and what would pass, before it is sent', async () => {
    const { venue, orders, instrument, quote, expiry } = get();
    const request = orders.resting(quote());
    const { stepSize, quantityMin } = instrument;
    const quantity = Quantity.plus(request.quantity, Quantity.fromUnits(stepSize / 10n));
    const off = await venue.execution.place({ ...request, quantity }, expiry());
    expect(off).toMatchObject({ filter: { code: 'QUANTITY_OFF_STEP', field: 'quantity' } });
    const small = await venue.execution.place({ ...request, quantity: quantityMin }, expiry());
    if (small.kind !== 'rejected') throw new Error(`the smallest quantity at this price was ${small.kind}`);
    expect(small.filter).toMatchObject({ code: 'NOTIONAL_BELOW_MINIMUM', field: 'quantity' });
    const suggested = Quantity.of(small.filter?.suggestion ?? '');
    const accepted = await venue.execution.place({ ...request, quantity: suggested }, expiry());
    expect(accepted.kind).toBe('accepted');
    await venue.execution.cancel(request);
  });

  it('rejects an order for an instrument that is not its own', async () => {
    const { venue, orders, quote, expiry } = get();
    const request = { ...orders.resting(quote()), instrumentId: `${venue.feed.venue}:NO-SUCH` as InstrumentId };
    expect(await venue.execution.place(request, expiry())).toMatchObject({
      kind: 'rejected',
      code: 'UNKNOWN_INSTRUMENT',
    });
  });
}

interface Affluence {
  readonly instrument: Instrument;
  readonly balances: readonly Balance[];
}

/** All of the base asset and more: a venue bounds the value of one order, but hardly ever below what a test account holds of it. */
function beyondMeans(request: OrderRequest, { instrument, balances }: Affluence): OrderRequest {
  const held = Quantity.fromUnits(totalOf(balances, instrument.base) / 10n ** 6n);
  const more = Quantity.plus(
    Quantity.floorTo(held, instrument.stepSize),
    Quantity.max(instrument.quantityMin, instrument.stepSize),
  );
  return { ...request, side: 'sell', quantity: more };
}

const reportsOf = (listener: RecordingExecutionListener, clientOrderId: string) =>
  listener.reports.filter(({ order }) => order.clientOrderId === clientOrderId).map(({ kind }) => kind);
