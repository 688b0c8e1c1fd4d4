import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { type OrderEvent, Quantity, TradeId, VenueOrderId } from '@scalpstorm/model';
import { aFill, anOrder } from '@scalpstorm/testkit';
import { foldEvents } from './fold.js';
import type { TrackedOrder } from './order-row.js';

const now = Timestamp.fromMicros(5);
const blank: TrackedOrder = { order: anOrder(), attempt: 0, requestExpiresAt: null };
const sending: OrderEvent = { kind: 'sending', attempt: 1, expiresAt: Timestamp.fromMicros(99) };
const accepted: OrderEvent = { kind: 'accepted', venueOrderId: VenueOrderId.of('v1') };
const half: OrderEvent = { kind: 'filled', fill: aFill({ quantity: Quantity.of('0.005') }) };
const otherHalf: OrderEvent = {
  kind: 'filled',
  fill: aFill({ tradeId: TradeId.of('2'), quantity: Quantity.of('0.005') }),
};
const canceled: OrderEvent = { kind: 'canceled', reason: { code: 'VENUE_CANCELED', text: '' } };
const fold = (events: readonly OrderEvent[], known: readonly string[] = []) =>
  foldEvents(blank, events, new Set(known.map(TradeId.of)), now);

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

  it.each<[string, OrderEvent[], string[]]>([
    ['a fill that was booked before', [sending, half], ['1']],
    ['the same fill twice in one report', [sending, half, half], []],
    ['a second acceptance', [sending, accepted, accepted], []],
  ])('takes %s for a repeat, not for a fault', (_name, events, known) => {
    const folded = fold(events, known);
    expect(folded.refused).toEqual([]);
    expect(folded.applied.length).toBe(events.length - 1);
    expect(folded.fills.length).toBe(known.length === 0 && events.includes(half) ? 1 : 0);
  });

  it('refuses what can not be and still tries what follows', () => {
    const tooMuch: OrderEvent = { kind: 'filled', fill: aFill({ quantity: Quantity.of('1') }) };
    const folded = fold([sending, tooMuch, accepted]);
    expect(folded.refused).toMatchObject([{ event: tooMuch, fault: { kind: 'overfill' } }]);
    expect(folded.tracked.order.status).toBe('accepted');
  });

  it('books a fill that comes after the cancellation', () => {
    const folded = fold([sending, accepted, canceled, half]);
    expect(folded.fills).toHaveLength(1);
    expect(folded.tracked.order).toMatchObject({ status: 'canceled', filledQuantity: Quantity.of('0.005') });
  });
});
