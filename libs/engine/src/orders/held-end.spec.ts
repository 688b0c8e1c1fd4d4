import { describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import { type Order, type OrderEvent, type OrderStatus, Quantity, VenueOrderId } from '@scalpstorm/model';
import { at, exampleFill, exampleRequest, usdt } from '../testing.js';
import { awaitsFills, endOrHeld, fillsAwaited } from './held-end.js';
import { applyOrderEvent, createOrder } from './order.js';

const none = new Set<never>();
const proof = { code: 'VENUE_SAID', text: 'the venue says so' };
const events = {
  accepted: { kind: 'accepted', venueOrderId: VenueOrderId.of('v1') },
  filled: { kind: 'filled', fill: exampleFill({ quantity: Quantity.of('0.4') }) },
  'cancel-requested': { kind: 'cancel-requested', cancelReason: 'stop' },
  'cancel-rejected': { kind: 'cancel-rejected', reason: proof },
  'end-held': { kind: 'end-held', reason: proof },
  canceled: { kind: 'canceled', reason: proof },
  expired: { kind: 'expired', reason: proof },
  rejected: { kind: 'rejected', reason: proof },
} as const satisfies Partial<{ [Kind in OrderEvent['kind']]: OrderEvent & { readonly kind: Kind } }>;
const event = (kind: keyof typeof events): OrderEvent => events[kind];
const orderIn = (status: OrderStatus): Order => ({ ...createOrder(exampleRequest(), usdt, at(0)), status });
const after = (order: Order, kind: keyof typeof events): Order =>
  unwrap(applyOrderEvent(order, event(kind), at(2), none));

describe('an end that is held back', () => {
  it('leaves the order to fills alone, and keeps whose cancel it was', () => {
    for (const cancelReason of [null, 'stop'] as const) {
      const asked = cancelReason === null ? orderIn('accepted') : after(orderIn('accepted'), 'cancel-requested');
      const reason = { code: fillsAwaited, text: 'wait' };
      const held = unwrap(applyOrderEvent(asked, { kind: 'end-held', reason }, at(2), none));
      expect(held).toMatchObject({ status: 'pending-cancel', statusBefore: 'accepted', reason, cancelReason });
      for (const kind of ['end-held', 'cancel-requested', 'cancel-rejected', 'accepted'] as const)
        expect(applyOrderEvent(held, event(kind), at(2), none)).toMatchObject({ error: { kind: 'nothing-new' } });
      const filled = after(held, 'filled');
      expect(awaitsFills(filled)).toBe(true);
      expect(after(filled, 'canceled')).toMatchObject({ status: 'canceled', cancelReason, reason: proof });
    }
  });

  it('of an order of which the venue had told nothing else proves that the venue had it', () => {
    const reason = { code: fillsAwaited, text: 'wait' };
    for (const status of ['sending', 'submitted', 'unknown'] as const) {
      const held = unwrap(applyOrderEvent(orderIn(status), { kind: 'end-held', reason }, at(2), none));
      expect(held).toMatchObject({ status: 'pending-cancel', statusBefore: 'accepted' });
      expect(awaitsFills(after(held, 'filled'))).toBe(true);
    }
  });

  it.each(['canceled', 'expired', 'rejected'] as const)(
    'is what %s becomes while the venue counts more than is booked',
    (kind) => {
      const half = { ...orderIn('partially-filled'), filledQuantity: Quantity.of('0.4') };
      const [less, more] = [Quantity.of('0.4'), Quantity.of('0.5')];
      expect(endOrHeld(half, event(kind), more)).toMatchObject({
        kind: 'end-held',
        reason: { code: fillsAwaited, text: expect.stringMatching(`${kind} and counts 0.5 as filled; 0.4 are booked`) },
      });
      for (const told of [less, null]) expect(endOrHeld(half, event(kind), told)).toEqual(event(kind));
      expect(endOrHeld(half, event('filled'), more)).toEqual(event('filled'));
    },
  );
});
