import { describe, expect, it } from '@jest/globals';
import type { BarColumns } from './bar-strategy.js';
import { rememberedSeries, type SeriesExchange, type SharedSeries } from './series.js';

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
    outputs: { line: 'price' },
    batch: (_: BarColumns, given: { readonly period: number }, into?: { readonly line: Float64Array }) => {
      asked.push(`${id} ${given.period}`);
      return into ?? { line: new Float64Array(10) };
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

/** Two who hear of each other. */
function exchanges(): readonly [SeriesExchange, SeriesExchange] {
  const [left, right]: readonly [SharedSeries[], SharedSeries[]] = [[], []];
  const between = (own: SharedSeries[], others: SharedSeries[]) => ({
    next: () => own.shift() ?? null,
    tell: (series: SharedSeries) => void others.push(series),
  });
  return [between(left, right), between(right, left)];
}

describe('series between those who run over the same bars', () => {
  it('are computed by one of them, in memory that threads share', () => {
    const { asked, fast } = counting();
    const [here, there] = exchanges();
    const [first, second] = [rememberedSeries(bars, 1_000_000, here), rememberedSeries(bars, 1_000_000, there)];
    const { line } = first(fast, { period: 3 });
    expect(line.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(second(fast, { period: 3 }).line).toBe(line);
    second(fast, { period: 4 });
    first(fast, { period: 4 });
    expect(asked).toEqual(['fast 3', 'fast 4']);
  });

  it('stay with who computed them where the indicator writes into memory of its own', () => {
    const { asked, fast } = counting();
    const { outputs: _, ...own } = fast;
    const [here, there] = exchanges();
    rememberedSeries(bars, 1_000_000, here)(own, { period: 3 });
    rememberedSeries(bars, 1_000_000, there)(own, { period: 3 });
    expect(asked).toEqual(['fast 3', 'fast 3']);
  });

  it('are told up to half of what may be kept, and are then computed by each for itself', () => {
    const { asked, fast } = counting();
    const [here, there] = exchanges();
    const [first, second] = [rememberedSeries(bars, 4 * bytes, here), rememberedSeries(bars, 4 * bytes, there)];
    const lines = [1, 2, 3].map((period) => first(fast, { period }).line);
    expect(lines.map(({ buffer }) => buffer instanceof SharedArrayBuffer)).toEqual([true, true, false]);
    for (const period of [1, 2, 3]) second(fast, { period });
    expect(asked).toEqual(['fast 1', 'fast 2', 'fast 3', 'fast 3']);
  });

  it('stay with all of them, and leave less room for what is not told', () => {
    const { asked, fast } = counting();
    const [here, there] = exchanges();
    const [first, second] = [rememberedSeries(bars, 4 * bytes, here), rememberedSeries(bars, 0, there)];
    for (const period of [1, 2, 3, 4, 5]) first(fast, { period });
    for (const period of [1, 2]) second(fast, { period });
    expect(asked.splice(0)).toEqual(['fast 1', 'fast 2', 'fast 3', 'fast 4', 'fast 5']);
    for (const period of [1, 2, 4, 5, 3]) first(fast, { period });
    expect(asked).toEqual(['fast 3']);
  });
});
