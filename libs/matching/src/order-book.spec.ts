import { describe, expect, test } from '@jest/globals';
import type { Side } from '@scalpstorm/model';
import fc from 'fast-check';
import { type BookEvent, type BookOrder, OrderBook } from './index.js';

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
const market = (side: Side, quantity: number, more: Partial<BookOrder> = {}): BookOrder =>
  ({ type: 'market', id: nextId++, owner: 9, side, quantity, selfTradePrevention: 'none', ...more }) as BookOrder;
const trades = (events: readonly BookEvent[]): [number, number, number][] =>
  events.flatMap((event) =>
    event.kind === 'traded' ? [[event.makerId, event.price, event.quantity] as [number, number, number]] : [],
  );
const kinds = (events: readonly BookEvent[]): string[] => events.map((event) => event.kind);

describe('an order book', () => {
  test('takes the best price first and the oldest order at a price first', () => {
    const book = new OrderBook();
    const [far, first, second] = [limit('sell', 102, 5), limit('sell', 101, 3), limit('sell', 101, 4)];
    for (const order of [far, first, second]) book.place(order);
    const events = book.place(limit('buy', 102, 9));
    expect(trades(events)).toEqual([
      [first.id, 101, 3],
      [second.id, 101, 4],
      [far.id, 102, 2],
    ]);
    expect(book.depth('sell', 5)).toEqual([[102, 3]]);
    expect(book.best('buy')).toBeNull();
  });

  test('rests what a limit order could not take, at its own price', () => {
    const book = new OrderBook();
    book.place(limit('sell', 101, 3));
    expect(kinds(book.place(limit('buy', 101, 5)))).toEqual(['accepted', 'traded']);
    expect(book.depth('buy', 5)).toEqual([[101, 2]]);
  });

  test('expires the rest of an immediate-or-cancel order', () => {
    const book = new OrderBook();
    book.place(limit('sell', 101, 3));
    const order = limit('buy', 101, 5, { timeInForce: 'IOC' });
    expect(book.place(order).at(-1)).toEqual({ kind: 'expired', id: order.id, quantity: 2, reason: 'UNFILLED' });
    expect(book.best('buy')).toBeNull();
  });

  test('fills a fill-or-kill order whole or not at all', () => {
    const book = new OrderBook();
    book.place(limit('sell', 101, 3));
    book.place(limit('sell', 102, 3));
    expect(kinds(book.place(limit('buy', 101, 4, { timeInForce: 'FOK' })))).toEqual(['accepted', 'expired']);
    expect(book.depth('sell', 5)).toEqual([
      [101, 3],
      [102, 3],
    ]);
    expect(kinds(book.place(limit('buy', 102, 4, { timeInForce: 'FOK' })))).toEqual(['accepted', 'traded', 'traded']);
  });

  test('rejects a post-only order that would take and rests one that would not', () => {
    const book = new OrderBook();
    book.place(limit('sell', 101, 3));
    const taking = { ...limit('buy', 101, 1), type: 'limit-maker' } as BookOrder;
    expect(book.place(taking)).toEqual([{ kind: 'rejected', id: taking.id, reason: 'WOULD_TAKE' }]);
    const resting = { ...limit('buy', 100, 1), type: 'limit-maker' } as BookOrder;
    expect(kinds(book.place(resting))).toEqual(['accepted']);
    expect(book.best('buy')).toBe(100);
  });

  test('spends a quote amount on whole lots and leaves what pays for none', () => {
    const book = new OrderBook();
    book.place(limit('sell', 100, 2));
    book.place(limit('sell', 110, 10));
    const order = {
      type: 'market-by-quote',
      id: nextId++,
      owner: 2,
      side: 'buy',
      quoteAmount: 650,
      selfTradePrevention: 'none',
    } as const;
    expect(book.estimate(order)).toEqual({ quantity: 6, quote: 640n });
    expect(trades(book.place(order)).map(([, price, quantity]) => [price, quantity])).toEqual([
      [100, 2],
      [110, 4],
    ]);
    expect(book.quantityAt('sell', 110)).toBe(6);
  });

  test('says how an order by quote amount ended: spent, though the next level is too dear, or out of book', () => {
    const book = new OrderBook();
    book.place(limit('sell', 100, 2));
    book.place(limit('sell', 110, 1));
    const order = {
      type: 'market-by-quote',
      id: nextId++,
      owner: 2,
      side: 'buy',
      quoteAmount: 305,
      selfTradePrevention: 'none',
    } as const;
    expect(book.place(order).at(-1)).toEqual({ kind: 'spent', id: order.id });
    const second = { ...order, id: nextId++, quoteAmount: 900 };
    expect(book.place(second).at(-1)).toEqual({ kind: 'expired', id: second.id, quantity: 0, reason: 'UNFILLED' });
  });

  test('a market order on an empty book expires and takes nothing', () => {
    const book = new OrderBook();
    const order = market('buy', 5);
    expect(book.place(order)).toEqual([
      { kind: 'accepted', id: order.id },
      { kind: 'expired', id: order.id, quantity: 5, reason: 'UNFILLED' },
    ]);
  });

  test('expires the resting order of the same owner instead of trading with it', () => {
    const book = new OrderBook();
    const own = limit('sell', 100, 2, { owner: 7 });
    const other = limit('sell', 100, 2, { owner: 8 });
    book.place(own);
    book.place(other);
    const taker = limit('buy', 100, 2, { owner: 7, selfTradePrevention: 'expire-maker' });
    const events = book.place(taker);
    expect(events[1]).toEqual({ kind: 'expired', id: own.id, quantity: 2, reason: 'SELF_TRADE' });
    expect(trades(events)).toEqual([[other.id, 100, 2]]);
    expect(book.cancel(own.id)).toEqual([]);
  });

  test('cancels a resting order once', () => {
    const book = new OrderBook();
    const order = limit('buy', 100, 2);
    book.place(order);
    expect(book.cancel(order.id)).toEqual([{ kind: 'canceled', id: order.id, quantity: 2 }]);
    expect(book.cancel(order.id)).toEqual([]);
    expect(book.depth('buy', 1)).toEqual([]);
  });

  test('tells the changed levels with their present totals, once', () => {
    const book = new OrderBook();
    book.place(limit('buy', 100, 2));
    book.place(limit('sell', 101, 4));
    const before = book.updateId;
    expect(book.drainChanges()).toEqual({ bids: [[100, 2]], asks: [[101, 4]] });
    expect(book.drainChanges()).toEqual({ bids: [], asks: [] });
    book.place(limit('buy', 101, 4));
    expect(book.drainChanges()).toEqual({ bids: [], asks: [[101, 0]] });
    expect(book.updateId).toBeGreaterThan(before);
  });

  test.each([
    ['a price of 0', limit('buy', 0, 1)],
    ['half a tick', limit('buy', 1.5, 1)],
    ['a negative quantity', limit('buy', 1, -1)],
    ['a quantity that is not a number', limit('buy', 1, Number.NaN)],
  ])('%s is a bug of the caller', (_what, order) => {
    expect(() => new OrderBook().place(order)).toThrow('out of bounds');
  });
});

type Action = { readonly order: BookOrder } | { readonly cancel: number };
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        owner: fc.integer({ min: 1, max: 3 }),
        side: fc.constantFrom<Side>('buy', 'sell'),
        price: fc.integer({ min: 95, max: 105 }),
        quantity: fc.integer({ min: 1, max: 20 }),
        quoteAmount: fc.integer({ min: 1, max: 3000 }),
        type: fc.constantFrom('limit', 'limit', 'limit-maker', 'market', 'market-by-quote'),
        timeInForce: fc.constantFrom('GTC', 'GTC', 'IOC', 'FOK'),
        selfTradePrevention: fc.constantFrom('expire-maker', 'none'),
      })
      .map((shape) => ({ order: { id: 1, ...shape } as unknown as BookOrder })),
  },
  { weight: 1, arbitrary: fc.record({ cancel: fc.integer({ min: 1, max: 60 }) }) },
);

/** Only the fields an order of that type has. */
function strip(order: BookOrder, id: number): BookOrder {
  const {
    quoteAmount: _quote,
    price: _price,
    timeInForce: _life,
    quantity: _quantity,
    ...rest
  } = order as unknown as Record<string, unknown>;
  const own = order as unknown as { price: number; quantity: number; quoteAmount: number; timeInForce: string };
  if (order.type === 'market') return { ...rest, id, quantity: own.quantity } as unknown as BookOrder;
  if (order.type === 'market-by-quote') return { ...rest, id, quoteAmount: own.quoteAmount } as unknown as BookOrder;
  const life = order.type === 'limit' ? { timeInForce: own.timeInForce } : {};
  return { ...rest, id, price: own.price, quantity: own.quantity, ...life } as unknown as BookOrder;
}

function run(
  actions: readonly Action[],
  after: (book: OrderBook, events: readonly BookEvent[], order: BookOrder | null) => void,
): BookEvent[] {
  const book = new OrderBook();
  const all: BookEvent[] = [];
  actions.forEach((step, index) => {
    const order = 'order' in step ? strip(step.order, index + 1) : null;
    const events = order ? book.place(order) : book.cancel((step as { cancel: number }).cancel);
    after(book, events, order);
    all.push(...events);
  });
  return all;
}

describe('whatever orders come, an order book', () => {
  const sequences = fc.array(action, { maxLength: 60 });

  test('is never crossed', () => {
    fc.assert(
      fc.property(sequences, (actions) => {
        run(actions, (book) => {
          const [bid, ask] = [book.best('buy'), book.best('sell')];
          if (bid !== null && ask !== null) expect(bid).toBeLessThan(ask);
        });
      }),
    );
  });

  test('conserves quantity: placed = traded + ended + resting', () => {
    fc.assert(
      fc.property(sequences, (actions) => {
        const open = new Map<number, number>();
        let resting = 0;
        run(actions, (book, events, order) => {
          if (order && 'quantity' in order) open.set(order.id, order.quantity);
          for (const event of events) {
            if (event.kind === 'traded') {
              for (const id of [event.makerId, event.takerId])
                if (open.has(id)) open.set(id, (open.get(id) ?? 0) - event.quantity);
            } else if (event.kind === 'canceled' || event.kind === 'expired') {
              if (open.has(event.id)) expect(open.get(event.id)).toBe(event.quantity);
              open.delete(event.id);
            } else if (event.kind === 'rejected') open.delete(event.id);
          }
          resting = [...book.depth('buy', 999), ...book.depth('sell', 999)].reduce(
            (sum, [, quantity]) => sum + quantity,
            0,
          );
          expect([...open.values()].reduce((sum, quantity) => sum + quantity, 0)).toBe(resting);
          expect([...open.values()].every((quantity) => quantity >= 0)).toBe(true);
        });
      }),
    );
  });

  test('keeps time priority: of two makers at a price the older one trades first', () => {
    fc.assert(
      fc.property(sequences, (actions) => {
        run(actions, (_book, events) => {
          const makers = events.flatMap((event) => (event.kind === 'traded' ? [event] : []));
          for (let index = 1; index < makers.length; index += 1) {
            const [earlier, later] = [makers[index - 1], makers[index]];
            if (earlier?.price === later?.price) expect(earlier?.makerId).toBeLessThan(later?.makerId ?? 0);
          }
        });
      }),
    );
  });

  test('an estimate is what the order then gets', () => {
    fc.assert(
      fc.property(sequences, action, (actions, last) => {
        if (!('order' in last)) return;
        let book = new OrderBook();
        run(actions, (current) => {
          book = current;
        });
        const order = strip(last.order, 1000);
        const estimate = book.estimate(order);
        const got = trades(book.place(order)).reduce((sum, [, , quantity]) => sum + quantity, 0);
        if (order.type === 'limit-maker' || (order.type === 'limit' && order.timeInForce === 'FOK')) return;
        expect(got).toBe(estimate.quantity);
      }),
    );
  });

  test('answers the same orders with the same events', () => {
    fc.assert(
      fc.property(sequences, (actions) => {
        const nothing = (): void => {};
        expect(run(actions, nothing)).toEqual(run(actions, nothing));
      }),
    );
  });
});
