import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cursorOf, listingOf, sequenceOf } from './cursor.js';

describe('a cursor', () => {
  it('gives back the sequence it was made from', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (sequence) => {
        expect(sequenceOf(cursorOf(sequence))).toBe(sequence);
      }),
    );
  });

  it.each(['', 'c', '12', 'c-1', 'cABC', 'c zz', "c1' OR 1=1", 'czzzzzzzzzzzzz', 'c11111111111111'])(
    'refuses %j',
    (text) => {
      expect(sequenceOf(text)).toBeNull();
    },
  );
});

describe('a listing', () => {
  const rows = [9n, 7n, 4n].map((sequence) => ({ sequence, view: `row ${sequence}` }));

  it('has another page when there is one row more than was asked for', () => {
    expect(listingOf(rows, 2)).toEqual({ data: ['row 9', 'row 7'], hasMore: true, nextCursor: cursorOf(7n) });
  });

  it('ends without a cursor', () => {
    expect(listingOf(rows, 3)).toEqual({ data: ['row 9', 'row 7', 'row 4'], hasMore: false, nextCursor: null });
    expect(listingOf([], 3)).toEqual({ data: [], hasMore: false, nextCursor: null });
  });
});
