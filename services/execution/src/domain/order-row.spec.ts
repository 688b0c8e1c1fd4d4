import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, Money, Price, Quantity, VenueOrderId } from '@scalpstorm/model';
import { anOrder, anOrderRequest } from '@scalpstorm/testkit';
import { baseOf, orderFromRow, quoteOf, rowFromOrder, type TrackedOrder } from './order-row.js';

const fresh: TrackedOrder = { order: anOrder(), attempt: 0, requestExpiresAt: null };
const worn: TrackedOrder = {
  order: anOrder({
    request: anOrderRequest({ botId: null, price: null, type: 'market', quantity: Quantity.of('0.000000000001') }),
    status: 'pending-cancel',
    statusBefore: 'partially-filled',
    venueOrderId: VenueOrderId.of('v1'),
    filledQuantity: Quantity.of('123456789.123456789012'),
    filledNotional: Money.of('0.000000000000000001', 'USDT'),
    fees: [Money.of('0.1', 'BNB'), Money.of('2', 'USDT')],
    cancelReason: 'stop',
    reason: { code: 'SOMETHING', text: 'it\'s "quoted"' },
    version: 9,
  }),
  attempt: 3,
  requestExpiresAt: Timestamp.fromMicros(1_700_000_000_000_123),
};

describe('the row of an order', () => {
  it.each([
    ['a fresh one', fresh],
    ['one with everything', worn],
  ])('gives back %s to the last decimal', (_name, tracked) => {
    expect(orderFromRow(rowFromOrder(tracked) as never)).toEqual(tracked);
  });

  it('never holds money as a number', () => {
    const { quantity, price, filled_notional } = rowFromOrder({
      ...worn,
      order: anOrder({ request: anOrderRequest() }),
    });
    expect([typeof quantity, typeof price, typeof filled_notional]).toEqual(['string', 'string', 'string']);
    expect(price).toBe(Price.format(Price.of('50000')));
  });

  it('knows the two currencies of an instrument', () => {
    const id = InstrumentId.of('sim', 'BTC-USDT');
    expect([baseOf(id), quoteOf(id)]).toEqual(['BTC', 'USDT']);
  });
});
