import { describe, expect, test } from '@jest/globals';
import { orderAsOf } from './order-as-of.js';
import type { VenueFill, VenueOrder } from './venue-order.js';

const fill = (time: number, quantity: number) => ({ time, quantity, quote: BigInt(quantity) * 10n }) as VenueFill;

/** Came at 100, filled by 2 at 200 and by 3 at 300, when it was full. */
const order = {
  clientOrderId: 'a',
  quantity: 5,
  createdAt: 100,
  updatedAt: 300,
  workingAt: 100,
  status: 'FILLED',
  executed: 5,
  executedQuote: 50n,
  fills: [fill(200, 2), fill(300, 3)],
} as unknown as VenueOrder;

describe('an order as of an earlier time', () => {
  test.each([
    [99, null],
    [100, { status: 'NEW', executed: 0, executedQuote: 0n, updatedAt: 100 }],
    [250, { status: 'PARTIALLY_FILLED', executed: 2, executedQuote: 20n, updatedAt: 200 }],
    [300, { status: 'FILLED', executed: 5, executedQuote: 50n, updatedAt: 300 }],
  ])('at %s', (time, expected) => {
    const shown = orderAsOf(order, time);
    if (expected === null) expect(shown).toBeNull();
    else expect(shown).toMatchObject(expected);
  });

  test('that was canceled since was open, with the fills that it had', () => {
    const canceled = { ...order, status: 'CANCELED', updatedAt: 400, fills: [fill(200, 2)], executed: 2 } as VenueOrder;
    expect(orderAsOf(canceled, 399)).toMatchObject({ status: 'PARTIALLY_FILLED', executed: 2 });
    expect(orderAsOf(canceled, 400)).toBe(canceled);
  });

  test('that waited for its price then was not in the book', () => {
    expect(orderAsOf({ ...order, workingAt: 150 }, 120)).toMatchObject({ status: 'NEW', workingAt: null });
  });
});
