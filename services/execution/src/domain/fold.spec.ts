import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import {
  ClientOrderId,
  type Fill,
  Money,
  type OrderEvent,
  Price,
  Quantity,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import { aFill, anOrder } from '@scalpstorm/testkit';
import { contentOf } from './fill-content.js';
import { foldEvents } from './fold.js';
import type { TrackedOrder } from './order-row.js';

const now = Timestamp.fromMicros(5);
const blank: TrackedOrder = { order: anOrder(), attempt: 0, requestExpiresAt: null };
const sending: OrderEvent = { kind: 'sending', attempt: 1, expiresAt: Timestamp.fromMicros(99) };
const accepted: OrderEvent = { kind: 'accepted', venueOrderId: VenueOrderId.of('v1') };
const halfFill = aFill({ quantity: Quantity.of('0.005') });
const half: OrderEvent = { kind: 'filled', fill: halfFill };
const otherHalf: OrderEvent = {
  kind: 'filled',
  fill: aFill({ tradeId: TradeId.of('2'), quantity: Quantity.of('0.005') }),
};
const canceled: OrderEvent = { kind: 'canceled', reason: { code: 'VENUE_CANCELED', text: '' } };
const fold = (events: readonly OrderEvent[], booked: readonly Fill[] = []) =>
  foldEvents(blank, { events }, (fill) => contentsOf(booked).get(fill.tradeId) ?? null, now);
const contentsOf = (fills: readonly Fill[]) => new Map(fills.map((fill) => [fill.tradeId, contentOf(fill)]));

describe('folding events into an order', () => {
  it('keeps the mark of the last sending', () => {
    const again: OrderEvent = { kind: 'sending', attempt: 2, expiresAt: Timestamp.fromMicros(200) };
    expect(fold([sending, again]).tracked).toMatchObject({ attempt: 2, requestExpiresAt: 200 });
    expect(fold([sending, accepted]).tracked).toMatchObject({ attempt: 1, requestExpiresAt: 99 });
  });

  it('pairs every applied event with the order right after it', () => {
    const { applied } = fold([sending, accepted, half, otherHalf]);
    expect(applied.map(({ event, order }) => `${order.version} ${event.kind} ${order.status}`)).toEqual([
      '1 sending sending',
      '2 accepted accepted',
      '3 filled partially-filled',
      '4 filled filled',
    ]);
  });

  it.each<[string, OrderEvent[], Fill[]]>([
    ['a fill that was booked before', [sending, half], [halfFill]],
    ['the same fill twice in one report', [sending, half, half], []],
    ['a second acceptance', [sending, accepted, accepted], []],
  ])('takes %s for a repeat, not for a fault', (_name, events, known) => {
    const folded = fold(events, known);
    expect(folded.refused).toEqual([]);
    expect(folded.applied.length).toBe(events.length - 1);
    expect(folded.fills.length).toBe(known.length === 0 && events.includes(half) ? 1 : 0);
  });

  it.each<[string, Partial<Fill>]>([
    ['another price', { price: Price.of('50001') }],
    ['another quantity', { quantity: Quantity.of('0.004') }],
    ['another fee', { fee: Money.of('0.1', 'USDT') }],
    ['another order', { clientOrderId: ClientOrderId.of('other') }],
  ])('refuses a trade that is booked with %s, and says both', (_name, changes) => {
    const folded = fold([sending, half], [{ ...halfFill, ...changes }]);
    const [booked, told] = [contentOf({ ...halfFill, ...changes }), contentOf(halfFill)];
    expect(folded.refused).toMatchObject([{ fault: { kind: 'fill-conflict', tradeId: '1', booked, told } }]);
    expect(folded.fills).toEqual([]);
  });

  it('takes a telling that differs in time and liquidity alone for a repeat', () => {
    const better: Fill = {
      ...halfFill,
      occurredAt: now,
      liquidity: halfFill.liquidity === 'maker' ? 'taker' : 'maker',
    };
    expect(fold([sending, half], [better])).toMatchObject({ refused: [], fills: [] });
  });

  it('refuses what can not be and still tries what follows', () => {
    const tooMuch: OrderEvent = { kind: 'filled', fill: aFill({ quantity: Quantity.of('1') }) };
    const folded = fold([sending, tooMuch, accepted]);
    expect(folded.refused).toMatchObject([{ event: tooMuch, fault: { kind: 'overfill' } }]);
    expect(folded.tracked.order.status).toBe('accepted');
  });

  it('holds an end back while the venue counts more than is booked, and takes it when it counts no more', () => {
    const told = (events: readonly OrderEvent[], filledAtVenue: Quantity) =>
      foldEvents(blank, { events, filledAtVenue }, () => null, now).tracked.order;
    const [less, all] = [halfFill.quantity, Quantity.of('0.01')];
    const held = { status: 'pending-cancel', statusBefore: 'accepted', reason: { code: 'FILLS_AWAITED' } };
    expect(told([sending, accepted, canceled], less)).toMatchObject(held);
    expect(told([sending, accepted, half, canceled], less)).toMatchObject({ status: 'canceled', filledQuantity: less });
    expect(told([sending, accepted, half, canceled], all)).toMatchObject({ ...held, statusBefore: 'partially-filled' });
    expect(told([sending, accepted, canceled, half, otherHalf], all)).toMatchObject({ status: 'filled' });
  });

  it('books a fill that comes after the cancellation', () => {
    const folded = fold([sending, accepted, canceled, half]);
    expect(folded.fills).toHaveLength(1);
    expect(folded.tracked.order).toMatchObject({ status: 'canceled', filledQuantity: Quantity.of('0.005') });
  });
});
