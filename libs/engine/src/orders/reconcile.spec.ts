import { describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import { type Order, type OrderStatus, Quantity, TradeId, VenueOrderId } from '@scalpstorm/model';
import fc from 'fast-check';
import { at, exampleFill, exampleRequest, usdt } from '../testing.js';
import { applyOrderEvent, createOrder } from './order.js';
import { reconcileOrder, type VenueOrderView } from './reconcile.js';

const order = (status: OrderStatus, changes: Partial<Order> = {}): Order => ({
  ...createOrder(exampleRequest(), usdt, at(0)),
  status,
  ...changes,
});
const half = exampleFill({ quantity: Quantity.of('0.5') });
const rest = exampleFill({ tradeId: TradeId.of('t2'), quantity: Quantity.of('0.5'), occurredAt: at(2) });
const theirs = (changes: Partial<VenueOrderView> = {}): VenueOrderView => ({
  venueOrderId: VenueOrderId.of('v1'),
  clientOrderId: exampleRequest().clientOrderId,
  status: 'open',
  quantity: Quantity.of('1'),
  filledQuantity: Quantity.zero,
  fills: [],
  ...changes,
});
const none = { knownTrades: new Set<TradeId>(), absenceProved: false };
const kinds = (result: ReturnType<typeof reconcileOrder>) =>
  'events' in result ? [result.kind, ...result.events.map((event) => event.kind)] : [result.kind];

describe('reconciling an order with the venue', () => {
  it('adopts an order that we did not know to have arrived, with its fills in time order', () => {
    const view = theirs({ status: 'filled', filledQuantity: Quantity.of('1'), fills: [rest, half] });
    const result = reconcileOrder(order('unknown'), view, none);
    expect(result).toEqual({
      kind: 'aligned',
      missing: 0n,
      events: [
        { kind: 'accepted', venueOrderId: 'v1' },
        { kind: 'filled', fill: half },
        { kind: 'filled', fill: rest },
      ],
    });
  });

  it('holds the end back while fills are missing', () => {
    const view = theirs({ status: 'canceled', filledQuantity: Quantity.of('1'), fills: [half] });
    const result = reconcileOrder(order('accepted'), view, none);
    expect(result).toEqual({
      kind: 'aligned',
      missing: Quantity.of('0.5'),
      events: [{ kind: 'filled', fill: half }],
    });
  });

  it('tells first of an order that must not live any more, whatever else was changed at the venue', () => {
    const changed = theirs({ quantity: Quantity.of('0.7') });
    expect(reconcileOrder(order('canceled'), changed, none)).toMatchObject({ code: 'ALIVE_AT_VENUE' });
    expect(reconcileOrder(order('accepted'), changed, none)).toMatchObject({ code: 'QUANTITY_DIFFERS' });
  });

  it.each(['filled', 'canceled'] as const)(
    'ends an order that was made smaller at the venue and is %s there',
    (status) => {
      const over = theirs({ status, quantity: Quantity.of('0.5'), filledQuantity: Quantity.of('0.5') });
      expect(reconcileOrder(order('accepted'), over, none)).toMatchObject({ missing: Quantity.of('0.5'), events: [] });
      const ours = order('partially-filled', { filledQuantity: Quantity.of('0.5') });
      expect(kinds(reconcileOrder(ours, over, none))).toEqual(['aligned', 'canceled']);
      expect(kinds(reconcileOrder({ ...ours, status: 'canceled' }, over, none))).toEqual(['aligned']);
    },
  );

  it('does not end an order that grew at the venue', () => {
    const over = theirs({ status: 'canceled', quantity: Quantity.of('2') });
    expect(reconcileOrder(order('accepted'), over, none)).toMatchObject({ code: 'QUANTITY_DIFFERS' });
  });

  it('learns of a cancellation that we missed', () => {
    expect(kinds(reconcileOrder(order('accepted'), theirs({ status: 'canceled' }), none))).toEqual([
      'aligned',
      'canceled',
    ]);
  });

  it.each(['sending', 'submitted', 'unknown'] as const)('in %s a not-found answer alone proves nothing', (status) => {
    expect(reconcileOrder(order(status), 'not-found', none)).toEqual({ kind: 'wait' });
    expect(reconcileOrder(order(status), 'not-found', { ...none, absenceProved: true })).toEqual({
      kind: 'may-resend',
    });
  });

  it('says so when the venue has lost an order that it had accepted', () => {
    expect(reconcileOrder(order('accepted'), 'not-found', { ...none, absenceProved: true })).toMatchObject({
      kind: 'conflict',
      code: 'ORDER_VANISHED',
    });
  });

  it('says so when an order that we gave up lives, and still takes its fill', () => {
    const view = theirs({ filledQuantity: Quantity.of('0.5'), fills: [half] });
    const result = reconcileOrder(order('expired'), view, none);
    expect(result).toMatchObject({ kind: 'conflict', code: 'ALIVE_AT_VENUE' });
    expect(kinds(result)).toEqual(['conflict', 'filled']);
  });

  it('says so when we booked more than the venue did', () => {
    const ours = order('partially-filled', { filledQuantity: Quantity.of('0.5') });
    expect(reconcileOrder(ours, theirs(), none)).toMatchObject({ kind: 'conflict', code: 'FILLS_DIFFER' });
  });

  it('finds nothing to do the second time, whatever the first time found', () => {
    const statuses = ['sending', 'unknown', 'accepted', 'pending-cancel', 'canceled'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...statuses),
        fc.constantFrom('open', 'canceled', 'expired', 'filled'),
        fc.integer({ min: 0, max: 2 }),
        (status, venueStatus, count) => {
          const fills = venueStatus === 'filled' ? [half, rest] : [half, rest].slice(0, Math.min(count, 1));
          const filledQuantity = Quantity.fromUnits(fills.reduce((sum, fill) => sum + fill.quantity, 0n));
          const view = theirs({ status: venueStatus, fills, filledQuantity });
          let ours = order(status, { statusBefore: status === 'pending-cancel' ? 'unknown' : null });
          const knownTrades = new Set<TradeId>();
          const first = reconcileOrder(ours, view, { ...none, knownTrades });
          for (const event of 'events' in first ? first.events : []) {
            ours = unwrap(applyOrderEvent(ours, event, at(3), knownTrades));
            if (event.kind === 'filled') knownTrades.add(event.fill.tradeId);
          }
          const second = reconcileOrder(ours, view, { ...none, knownTrades });
          expect('events' in second ? second.events : []).toEqual([]);
          if (second.kind === 'aligned') expect(ours.filledQuantity).toBe(filledQuantity);
        },
      ),
    );
  });
});
