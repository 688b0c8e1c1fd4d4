import { describe, expect, test } from '@jest/globals';
import type { Side } from '@scalpstorm/model';
import { type BookEvent, type BookOrder, type DepthLevel, RecordedBook } from '../index.js';

let nextId = 1;
const limit = (side: Side, price: number, quantity: number, more: Partial<BookOrder> = {}): BookOrder =>
  ({
    type: 'limit',
    id: nextId++,
    owner: 1,
    side,
    price,
    quantity,
    timeInForce: 'GTC',
    selfTradePrevention: 'none',
    ...more,
  }) as BookOrder;

let time = 0;
const depth = (bids: DepthLevel[], asks: DepthLevel[]) => ({ bids, asks, time: time++ });
const trade = (aggressor: Side, price: number, quantity: number) => ({ aggressor, price, quantity, time: time++ });
const filled = (events: readonly BookEvent[]): [number, number][] =>
  events.flatMap((event): [number, number][] => (event.kind === 'traded' ? [[event.price, event.quantity]] : []));

function bookOf(bids: DepthLevel[], asks: DepthLevel[]): RecordedBook {
  const book = new RecordedBook();
  book.applySnapshot(depth(bids, asks));
  return book;
}

describe('an order that takes from a recorded book', () => {
  test('gets what is displayed, best first, and no more', () => {
    const book = bookOf(
      [[99, 5]],
      [
        [101, 3],
        [102, 4],
      ],
    );
    expect(filled(book.place(limit('buy', 102, 10, { timeInForce: 'IOC' })))).toEqual([
      [101, 3],
      [102, 4],
    ]);
    expect(book.best('sell')).toBeNull();
  });

  test('cannot take the same lots twice', () => {
    const book = bookOf([], [[101, 3]]);
    book.place(limit('buy', 101, 2, { timeInForce: 'IOC' }));
    expect(filled(book.place(limit('buy', 101, 5, { timeInForce: 'IOC' })))).toEqual([[101, 1]]);
    expect(filled(book.place(limit('buy', 101, 5, { timeInForce: 'IOC' })))).toEqual([]);
  });

  test.each([
    ['the level says the same again', 3, 0],
    ['the level shrinks', 2, 0],
    ['the level grows by two', 5, 2],
  ])('after taking all, when %s, only growth is there', (_what, total, expected) => {
    const book = bookOf([], [[101, 3]]);
    book.place(limit('buy', 101, 3, { timeInForce: 'IOC' }));
    book.applyDepth(depth([], [[101, total]]));
    expect(book.quantityAt('sell', 101)).toBe(expected);
  });

  test('finds a level whole again that had gone and come back', () => {
    const book = bookOf([], [[101, 3]]);
    book.place(limit('buy', 101, 3, { timeInForce: 'IOC' }));
    book.applyDepth(depth([], [[101, 0]]));
    book.applyDepth(depth([], [[101, 4]]));
    expect(book.quantityAt('sell', 101)).toBe(4);
  });

  test('does not find what others have just traded, until the next depth update tells what is left', () => {
    const book = bookOf(
      [],
      [
        [101, 3],
        [102, 5],
      ],
    );
    book.applyTrade(trade('buy', 102, 2));
    expect(book.depth('sell', 5)).toEqual([[102, 3]]);
    book.applyDepth(depth([], [[101, 0]]));
    expect(book.depth('sell', 5)).toEqual([[102, 5]]);
  });

  test('takes nothing from an empty book', () => {
    const order = limit('buy', 101, 3, { timeInForce: 'IOC' });
    expect(new RecordedBook().place(order).map((event) => event.kind)).toEqual(['accepted', 'expired']);
  });

  test('is refused post-only when it would take recorded lots', () => {
    const book = bookOf([], [[101, 3]]);
    expect(book.place({ ...limit('buy', 101, 1), type: 'limit-maker' } as BookOrder)[0]?.kind).toBe('rejected');
  });
});

describe('an order that rests in a recorded book', () => {
  /** Our bid of 4 at 100, behind 10 that are displayed there. */
  const waiting = (): RecordedBook => {
    const book = bookOf(
      [
        [100, 10],
        [99, 5],
      ],
      [[101, 3]],
    );
    book.place(limit('buy', 100, 4));
    return book;
  };

  test('waits behind what is displayed at its price: only what trades beyond the queue fills it', () => {
    const book = waiting();
    expect(filled(book.applyTrade(trade('sell', 100, 7)))).toEqual([]);
    expect(filled(book.applyTrade(trade('sell', 100, 5)))).toEqual([[100, 2]]);
    expect(filled(book.applyTrade(trade('sell', 100, 1)))).toEqual([[100, 1]]);
  });

  test('moves up when the level shrinks below the queue, not when it grows', () => {
    const book = waiting();
    book.applyDepth(depth([[100, 3]], []));
    book.applyDepth(depth([[100, 30]], []));
    expect(filled(book.applyTrade(trade('sell', 100, 5)))).toEqual([[100, 2]]);
  });

  test('is first when the level is deleted', () => {
    const book = waiting();
    book.applyDepth(depth([[100, 0]], []));
    expect(filled(book.applyTrade(trade('sell', 100, 1)))).toEqual([[100, 1]]);
  });

  test('is not filled by a trade of the same side or at a better price', () => {
    const book = waiting();
    expect(filled(book.applyTrade(trade('buy', 100, 50)))).toEqual([]);
    expect(filled(book.applyTrade(trade('sell', 101, 50)))).toEqual([]);
  });

  test('is filled by a trade through its price, at its own price, by the traded quantity at most', () => {
    expect(filled(waiting().applyTrade(trade('sell', 99, 3)))).toEqual([[100, 3]]);
    expect(filled(waiting().applyTrade(trade('sell', 99, 30)))).toEqual([[100, 4]]);
  });

  test('is filled by the other side coming to its price, by the displayed quantity at most, which is then gone', () => {
    const book = waiting();
    expect(filled(book.applyDepth(depth([[100, 0]], [[100, 3]])))).toEqual([[100, 3]]);
    expect(book.quantityAt('sell', 100)).toBe(0);
    expect(filled(book.applyDepth(depth([], [[100, 3]])))).toEqual([]);
    expect(filled(book.applyDepth(depth([], [[100, 5]])))).toEqual([[100, 1]]);
  });

  test('shares one trade with the orders behind it instead of giving it to each', () => {
    const book = waiting();
    book.place(limit('buy', 100, 4));
    expect(filled(book.applyTrade(trade('sell', 100, 16)))).toEqual([
      [100, 4],
      [100, 2],
    ]);
  });

  test('is shown to others together with the recorded lots, and can be cancelled', () => {
    const book = bookOf([[100, 10]], [[103, 1]]);
    const order = limit('buy', 101, 4);
    book.place(order);
    expect(book.depth('buy', 5)).toEqual([
      [101, 4],
      [100, 10],
    ]);
    expect(book.cancel(order.id)).toEqual([{ kind: 'canceled', id: order.id, quantity: 4 }]);
    expect(book.best('buy')).toBe(100);
  });

  test('trades with another of our orders in its turn in the queue', () => {
    const book = waiting();
    expect(filled(book.place(limit('sell', 100, 12, { owner: 2 })))).toEqual([
      [100, 10],
      [100, 2],
    ]);
  });
});

test('of two levels that cross after a gap, the older one is dropped', () => {
  const book = bookOf([[100, 10]], [[101, 3]]);
  book.applyDepth(depth([[102, 1]], []));
  expect(book.best('sell')).toBeNull();
  expect(book.best('buy')).toBe(102);
});
