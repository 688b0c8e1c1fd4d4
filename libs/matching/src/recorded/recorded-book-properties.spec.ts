import { describe, expect, test } from '@jest/globals';
import type { Side } from '@scalpstorm/model';
import fc from 'fast-check';
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

const filled = (events: readonly BookEvent[]): [number, number][] =>
  events.flatMap((event): [number, number][] => (event.kind === 'traded' ? [[event.price, event.quantity]] : []));

type Step =
  | { readonly kind: 'depth'; readonly side: Side; readonly price: number; readonly lots: number }
  | { readonly kind: 'trade'; readonly aggressor: Side; readonly price: number; readonly quantity: number }
  | {
      readonly kind: 'order';
      readonly side: Side;
      readonly price: number;
      readonly quantity: number;
      readonly life: 'GTC' | 'IOC' | 'FOK';
    };

const price = fc.integer({ min: 95, max: 105 });
const side = fc.constantFrom<Side>('buy', 'sell');
const lots = fc.integer({ min: 0, max: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('depth' as const), side, price, lots }),
  fc.record({ kind: fc.constant('trade' as const), aggressor: side, price, quantity: fc.integer({ min: 1, max: 20 }) }),
  fc.record({
    kind: fc.constant('order' as const),
    side,
    price,
    quantity: fc.integer({ min: 1, max: 20 }),
    life: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const),
  }),
);
const steps = fc.array(step, { maxLength: 60 });

function apply(book: RecordedBook, one: Step, id: number, at: number): readonly BookEvent[] {
  if (one.kind === 'trade') return book.applyTrade({ ...one, time: at });
  if (one.kind === 'order')
    return book.place(limit(one.side, one.price, one.quantity, { id, timeInForce: one.life } as Partial<BookOrder>));
  const level: DepthLevel[] = [[one.price, one.lots]];
  return book.applyDepth({ bids: one.side === 'buy' ? level : [], asks: one.side === 'sell' ? level : [], time: at });
}

/** Lots that the record brought to `side` of the market within reach of `limitPrice`, by display or by trade. */
function liquidityFor(all: readonly Step[], taking: Side, reaches: (price: number) => boolean): number {
  const shown = new Map<number, number>();
  let sum = 0;
  for (const one of all) {
    if (one.kind === 'depth' && one.side !== taking && reaches(one.price)) {
      sum += Math.max(0, one.lots - (shown.get(one.price) ?? 0));
      shown.set(one.price, one.lots);
    }
    if (one.kind === 'trade' && one.aggressor !== taking && reaches(one.price)) sum += one.quantity;
  }
  return sum;
}

describe('whatever the record says, a recorded book', () => {
  test('never fills an order with more than the recorded liquidity that touched its price', () => {
    fc.assert(
      fc.property(steps, side, price, fc.integer({ min: 1, max: 60 }), (record, taking, limitPrice, quantity) => {
        const moves = record.filter((one) => one.kind !== 'order');
        const book = new RecordedBook();
        const half = moves.length >> 1;
        const events: BookEvent[] = [];
        for (const [at, one] of moves.slice(0, half).entries()) apply(book, one, 0, at);
        events.push(...book.place(limit(taking, limitPrice, quantity, { id: 1 })));
        for (const [at, one] of moves.slice(half).entries()) events.push(...apply(book, one, 0, half + at));
        const got = filled(events).reduce((sum, [, part]) => sum + part, 0);
        const reaches = (at: number): boolean => (taking === 'buy' ? at <= limitPrice : at >= limitPrice);
        expect(got).toBeLessThanOrEqual(Math.min(quantity, liquidityFor(moves, taking, reaches)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('gives every recorded lot at most once, however many orders wait for it', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const book = new RecordedBook();
        let got: Record<Side, number> = { buy: 0, sell: 0 };
        all.forEach((one, at) => {
          for (const event of apply(book, one, at + 1, at)) {
            if (event.kind !== 'traded' || (event.makerId !== 0 && event.takerId !== 0)) continue;
            const ours: Side = event.takerId === 0 ? (event.takerSide === 'buy' ? 'sell' : 'buy') : event.takerSide;
            got = { ...got, [ours]: got[ours] + event.quantity };
          }
        });
        expect(got.buy).toBeLessThanOrEqual(liquidityFor(all, 'buy', () => true));
        expect(got.sell).toBeLessThanOrEqual(liquidityFor(all, 'sell', () => true));
      }),
      { numRuns: 1_000 },
    );
  });

  test('never shows a crossed book, nor a level without lots, and its changes add up to its depth', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const book = new RecordedBook();
        const mirror: Record<Side, Map<number, number>> = { buy: new Map(), sell: new Map() };
        all.forEach((one, at) => {
          apply(book, one, at + 1, at);
          const changes = book.drainChanges();
          for (const [level, total] of changes.bids) mirror.buy.set(level, total);
          for (const [level, total] of changes.asks) mirror.sell.set(level, total);
          const [bid, ask] = [book.best('buy'), book.best('sell')];
          if (bid !== null && ask !== null) expect(bid).toBeLessThan(ask);
          for (const shown of ['buy', 'sell'] as const) {
            const levels = book.depth(shown, 999);
            expect(levels.every(([, total]) => total > 0)).toBe(true);
            const known = [...mirror[shown]].filter(([, total]) => total > 0);
            expect(new Map(levels)).toEqual(new Map(known));
            expect(levels.map(([level]) => level)).toEqual(
              known.map(([level]) => level).sort((a, b) => (shown === 'buy' ? b - a : a - b)),
            );
          }
        });
      }),
    );
  });

  test('answers the same record and orders with the same events', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const run = (): unknown => {
          const book = new RecordedBook();
          return all.map((one, at) => apply(book, one, at + 1, at));
        };
        expect(run()).toEqual(run());
      }),
    );
  });
});
