import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { Price, Quantity, VenueOrderId } from '@scalpstorm/model';
import type { VenueOrderStatus, VenueOrderView } from '@scalpstorm/venue-api';
import { OpenOrderCount } from './open-order-count.js';
import { instrumentId } from './testing/scripted-parts.js';

const order = (id: string, status: VenueOrderStatus): VenueOrderView => ({
  clientOrderId: id,
  venueOrderId: VenueOrderId.of(id),
  instrumentId,
  side: 'buy',
  type: 'limit',
  price: Price.of('1'),
  quantity: Quantity.of('1'),
  filledQuantity: Quantity.zero,
  status,
  updatedAt: Timestamp.fromMicros(1),
});

describe('the count of open orders', () => {
  it('follows what the venue tells, an order once', () => {
    const count = new OpenOrderCount();
    for (const told of [order('1', 'open'), order('1', 'partially-filled'), order('2', 'open'), order('1', 'filled')])
      count.told(told);
    expect(count.of(instrumentId)).toBe(1);
  });

  it('does not open an order again whose answer comes after its end', () => {
    const count = new OpenOrderCount();
    count.told(order('1', 'filled'));
    count.told(order('1', 'open'));
    expect(count.of(instrumentId)).toBe(0);
  });

  it('begins anew from a list of all', () => {
    const count = new OpenOrderCount();
    for (const id of ['1', '2', '3']) count.told(order(id, 'open'));
    count.listed([order('3', 'open'), order('4', 'open')], null);
    expect(count.of(instrumentId)).toBe(2);
    count.listed([], instrumentId);
    expect(count.of(instrumentId)).toBe(0);
  });

  it('knows how much is still to be bought, and does not count a fill back that is told late', () => {
    const count = new OpenOrderCount();
    const half = { ...order('1', 'partially-filled'), filledQuantity: Quantity.of('0.5') };
    count.told(half);
    count.told(order('1', 'open'));
    count.told(order('2', 'open'));
    count.told({ ...order('3', 'open'), side: 'sell' });
    expect(count.buying(instrumentId)).toBe(Quantity.of('1.5'));
    expect(count.ofAccount).toBe(3);
  });
});
