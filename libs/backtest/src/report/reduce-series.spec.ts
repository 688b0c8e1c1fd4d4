import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { keptPoints } from './reduce-series.js';

const rng = seededRng(11);
const walk = (length: number): Float64Array => {
  let value = 100;
  return Float64Array.from({ length }, () => (value += rng.gaussian()));
};

describe('points of a long curve', () => {
  it('are all kept where there are few', () => {
    expect(keptPoints([walk(100)], 100, 100)).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });

  it.each([101, 999, 12_345, 1_000_000])(
    'of %d stay within the bound, in order, with both ends and every extreme',
    (length) => {
      const columns = [walk(length), walk(length)];
      const kept = keptPoints(columns, length, 100);
      expect(kept.length).toBeLessThanOrEqual(100);
      expect([kept[0], kept.at(-1)]).toEqual([0, length - 1]);
      expect(kept.every((place, at) => at === 0 || place > (kept[at - 1] ?? 0))).toBe(true);
      for (const column of columns) {
        const seen = kept.map((place) => column[place] ?? Number.NaN);
        expect(Math.max(...seen)).toBe(column.reduce((high, value) => Math.max(high, value)));
        expect(Math.min(...seen)).toBe(column.reduce((low, value) => Math.min(low, value)));
      }
    },
  );
});
