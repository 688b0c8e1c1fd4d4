import { describe, expect, test } from '@jest/globals';
import type { Side } from '@scalpstorm/model';
import { type BookEvent, type LimitOrder, OrderBook, RecordedBook } from './index.js';

let nextId = 1;
const limit = (side: Side, price: number, quantity: number): LimitOrder => ({
  type: 'limit',
  id: nextId++,
  owner: 1,
  side,
  price,
  quantity,
  timeInForce: 'GTC',
  selfTradePrevention: 'none',
});
const trades = (events: readonly BookEvent[]): object[] =>
  events.flatMap((event) => (event.kind === 'traded' ? [event] : []));

describe('an order that is put back into a book', () => {
  test('rests with what is left of it, the older one before the younger', () => {
    const book = new OrderBook();
    const [older, younger] = [limit('buy', 100, 9), limit('buy', 100, 5)];
    expect(book.restore(older, 4)).toEqual([]);
    expect(book.restore(younger, 5)).toEqual([]);
    expect(book.depth('buy', 2)).toEqual([[100, 9]]);
    expect(trades(book.place(limit('sell', 100, 6)))).toMatchObject([
      { makerId: older.id, quantity: 4 },
      { makerId: younger.id, quantity: 2 },
    ]);
  });

  test.each<[Side, Side, number, number]>([
    ['buy', 'sell', 99, 101],
    ['sell', 'buy', 101, 99],
  ])(
    'a %s fills as maker at its own price where the market has passed it, and rests with the rest',
    (side, other, near, far) => {
      const book = new OrderBook();
      const [passed, at, beyond] = [limit(other, near, 3), limit(other, 100, 2), limit(other, far, 7)];
      for (const order of [passed, at, beyond]) book.place(order);
      const restored = limit(side, 100, 8);
      expect(book.restore(restored, 8)).toEqual([
        { kind: 'traded', makerId: restored.id, takerId: passed.id, takerSide: other, price: 100, quantity: 3 },
        { kind: 'traded', makerId: restored.id, takerId: at.id, takerSide: other, price: 100, quantity: 2 },
      ]);
      expect(book.best(side)).toBe(100);
      expect(book.quantityAt(side, 100)).toBe(3);
      expect(book.best(other)).toBe(far);
    },
  );

  test('on a recorded market waits behind what is displayed at its price', () => {
    const book = new RecordedBook();
    book.applySnapshot({ bids: [[100, 10]], asks: [[102, 5]], time: 0 });
    const order = limit('buy', 100, 4);
    expect(book.restore(order, 4)).toEqual([]);
    expect(trades(book.applyTrade({ price: 100, quantity: 12, aggressor: 'sell', time: 1 }))).toMatchObject([
      { makerId: order.id, price: 100, quantity: 2 },
    ]);
  });

  test('on a recorded market fills at its own price from what is displayed beyond it', () => {
    const book = new RecordedBook();
    book.applySnapshot({ bids: [[95, 10]], asks: [[98, 5]], time: 0 });
    const order = limit('buy', 100, 7);
    expect(trades(book.restore(order, 7))).toMatchObject([{ makerId: order.id, price: 100, quantity: 5 }]);
    expect(book.quantityAt('buy', 100)).toBe(2);
  });
});
