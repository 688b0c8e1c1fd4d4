import { describe, expect, it } from '@jest/globals';
import { type BookLevel, Price, Quantity } from '@scalpstorm/model';
import fc from 'fast-check';
import { BookSync, bufferedLevelsMax, bufferMax, type DepthUpdate } from './book-sync.js';

const level = (price: number, quantity: number): BookLevel => ({
  price: Price.of(String(price)),
  quantity: Quantity.of(String(quantity)),
});
const update = (first: number, last: number, bids: readonly [number, number][] = []): DepthUpdate => ({
  first,
  last,
  bids: bids.map(([price, quantity]) => level(price, quantity)),
  asks: [],
});
const shown = (book: BookSync): readonly string[] =>
  book.top(10).bids.map(({ price, quantity }) => `${Price.format(price)}x${Quantity.format(quantity)}`);
const snapshot = (last: number) => ({ last, bids: [level(10, 1), level(9, 1)], asks: [level(11, 1)] });

describe('a copy of the book', () => {
  it('buffers until the snapshot, drops what the snapshot has, and goes on from there', () => {
    const book = new BookSync();
    expect(book.update(update(3, 5, [[10, 7]]))).toBe('buffered');
    expect(book.update(update(6, 8, [[9, 0]]))).toBe('buffered');
    expect(book.snapshot(snapshot(5))).toBe(true);
    expect([shown(book), book.sequence]).toEqual([['10x1'], 8]);
    expect(book.update(update(9, 9, [[10.5, 2]]))).toBe('applied');
    expect(shown(book)).toEqual(['10.5x2', '10x1']);
  });

  it('takes an update that spans the snapshot', () => {
    const book = new BookSync();
    book.update(update(4, 8, [[10, 7]]));
    expect(book.snapshot(snapshot(6))).toBe(true);
    expect(shown(book)[0]).toBe('10x7');
  });

  it('refuses a snapshot that is older than what the stream began with, and takes a newer one', () => {
    const book = new BookSync();
    book.update(update(10, 12));
    expect(book.snapshot(snapshot(5))).toBe(false);
    expect(book.synced).toBe(false);
    expect(book.snapshot(snapshot(11))).toBe(true);
  });

  it('calls a missing update a gap, is void then, and waits for the next snapshot', () => {
    const book = new BookSync();
    book.snapshot(snapshot(5));
    expect(book.update(update(6, 7))).toBe('applied');
    expect(book.update(update(9, 9, [[10, 3]]))).toBe('gap');
    expect([book.synced, shown(book)]).toEqual([false, []]);
    expect(book.snapshot(snapshot(8))).toBe(true);
    expect(shown(book)[0]).toBe('10x3');
  });

  it('keeps so many changes while it waits for a snapshot, the newest, and so many levels in them', () => {
    const book = new BookSync();
    for (let id = 1; id <= 10 * bufferMax; id += 1) book.update(update(id, id, [[10, id]]));
    expect(book.buffered).toBe(bufferMax);
    expect(book.snapshot(snapshot(9 * bufferMax - 1))).toBe(false);
    expect(book.snapshot(snapshot(9 * bufferMax))).toBe(true);
    expect(shown(book)[0]).toBe(`10x${10 * bufferMax}`);
    book.reset();
    const levels = Array.from({ length: bufferedLevelsMax / 4 }, (_, index): [number, number] => [index + 1, 1]);
    for (let id = 1; id <= bufferMax; id += 1) book.update(update(id, id, levels));
    expect(book.buffered).toBe(4);
  });

  it('ignores what it has already', () => {
    const book = new BookSync();
    book.snapshot(snapshot(5));
    expect(book.update(update(4, 5, [[10, 9]]))).toBe('ignored');
    expect(shown(book)[0]).toBe('10x1');
  });

  it('equals the book of the venue whatever the changes and wherever the snapshot was taken', () => {
    const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 3 })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(changes, fc.nat(), (steps, cut) => {
        const venue = new Map<number, number>();
        const at = cut % steps.length;
        const book = new BookSync();
        steps.forEach(([price, quantity], index) => {
          venue.set(price, quantity);
          book.update(update(index + 1, index + 1, [[price, quantity]]));
          if (index !== at) return;
          const bids = [...venue].filter(([, size]) => size > 0).map(([key, size]) => level(key, size));
          expect(book.snapshot({ last: index + 1, bids, asks: [] })).toBe(true);
        });
        const truth = [...venue].filter(([, size]) => size > 0).sort(([left], [right]) => right - left);
        expect(book.top(100).bids).toEqual(truth.map(([price, size]) => level(price, size)));
      }),
    );
  });
});
