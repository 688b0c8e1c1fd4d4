import { describe, expect, it } from '@jest/globals';
import type { BarColumns } from './bar-strategy.js';
import { rememberedSeries } from './series.js';

const column = new Float64Array(10);
const bars: BarColumns = {
  ...{ length: 10, openedAt: column, open: column, high: column },
  ...{ low: column, close: column, volume: column },
};
const bytes = 10 * 8;

function counting() {
  const asked: string[] = [];
  const of = (id: string) => ({
    id,
    batch: (_: BarColumns, given: { readonly period: number }) => {
      asked.push(`${id} ${given.period}`);
      return { line: new Float64Array(10) };
    },
  });
  return { asked, fast: of('fast'), slow: of('slow') };
}

describe('remembered series', () => {
  it('are computed once for each indicator and parameters', () => {
    const { asked, fast, slow } = counting();
    const series = rememberedSeries(bars, 1_000_000);
    const first = series(fast, { period: 3 });
    expect(series(fast, { period: 3 })).toBe(first);
    expect(series(slow, { period: 3 })).not.toBe(first);
    series(fast, { period: 4 });
    expect(asked).toEqual(['fast 3', 'slow 3', 'fast 4']);
  });

  it('make way when there are too many, first the one that nobody asked for the longest', () => {
    const { asked, fast } = counting();
    const series = rememberedSeries(bars, 2 * bytes);
    for (const period of [1, 2, 1, 3, 1, 2]) series(fast, { period });
    expect(asked).toEqual(['fast 1', 'fast 2', 'fast 3', 'fast 2']);
  });

  it('are given also where there is no room to keep one', () => {
    const { asked, fast } = counting();
    const series = rememberedSeries(bars, 0);
    for (const period of [1, 1, 2, 1]) series(fast, { period });
    expect(asked).toEqual(['fast 1', 'fast 2', 'fast 1']);
  });
});
