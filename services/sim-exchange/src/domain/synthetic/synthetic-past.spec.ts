import { describe, expect, test } from '@jest/globals';
import { intervals, joinCandles, type VenueCandle } from '../candle-series.js';
import { syntheticSpec } from './default-markets.js';
import { SyntheticPast } from './synthetic-past.js';

const { '1s': second, '1m': minute, '1h': hour, '1d': day } = intervals;
/** In the middle of a minute. */
const time = 1_790_000_017_000;
const price = 6_000_123;
const spec = syntheticSpec('BTC-USDT');
const beginning = { time, price, seed: 7 };
const past = SyntheticPast.before(spec, beginning);

const opensOf = (candles: readonly VenueCandle[]): readonly number[] => candles.map(({ openTime }) => openTime);

describe('the past of a synthetic market', () => {
  test('ends where the market begins, in whole ticks and lots, with something traded every second', () => {
    const seconds = past.candles(second, time - 500 * second, time);
    expect(opensOf(seconds)).toEqual(Array.from({ length: 500 }, (_, index) => time - (500 - index) * second));
    expect(seconds.at(-1)?.close).toBe(price);
    for (const { open, high, low, close, volume, trades } of seconds) {
      for (const count of [open, high, low, close, volume]) expect(Number.isSafeInteger(count) && count > 0).toBe(true);
      expect(trades).toBe(1);
    }
  });

  test.each([
    ['1m', '1s', hour],
    ['3m', '1m', 5 * hour],
    ['1h', '1m', day],
  ] as const)('candles of %s are those of %s together', (longer, shorter, span) => {
    const [length, part] = [intervals[longer], intervals[shorter]];
    expect(past.candles(length, time - span, time)).toEqual(joinCandles(past.candles(part, time - span, time), length));
  });

  test('is the same however it is cut into pages, and for whoever begins anew with the same seed', () => {
    const from = time - (time % minute) - 40 * day;
    const whole = past.candles(minute, from, from + 100 * minute);
    const again = SyntheticPast.before(spec, beginning);
    const pages = [0, 33, 66, 100].map((first) => from + first * minute);
    const paged = pages.slice(1).flatMap((end, index) => again.candles(minute, pages[index] ?? 0, end));
    expect(paged).toEqual(whole);
  });

  test('is another one for another seed, and another instrument', () => {
    const closes = (one: SyntheticPast): readonly number[] =>
      one.candles(minute, time - hour, time).map((candle) => candle.close);
    expect(closes(SyntheticPast.before(spec, { ...beginning, seed: 8 }))).not.toEqual(closes(past));
    const eth = SyntheticPast.before(syntheticSpec('ETH-USDT'), beginning);
    expect(closes(eth)).not.toEqual(closes(past));
  });

  test('moves as a large coin does: by some basis points a minute, some per cent a day, and more in busy times', () => {
    const minutes = past.candles(minute, time - 3 * day, time);
    const ranges = minutes.map(({ high, low, open }) => ((high - low) / open) * 10_000).sort((a, b) => a - b);
    const share = (of: number): number => ranges[Math.floor(of * ranges.length)] ?? 0;
    expect(share(0.5)).toBeGreaterThan(5);
    expect(share(0.5)).toBeLessThan(25);
    expect(share(0.95) / share(0.05)).toBeGreaterThan(3);
    const days = past.candles(day, time - 30 * day, time);
    for (const { high, low, open } of days) expect((high - low) / open).toBeLessThan(0.3);
  });

  test('leads from one price to another while the exchange was away, without a jump at either end', () => {
    const ends = { from: time, to: time + 3_600 * second, open: 6_000_000, close: 6_100_000 };
    const away = SyntheticPast.between(spec, ends, 7);
    const seconds = away.candles(second, 0, Number.MAX_SAFE_INTEGER);
    expect(seconds).toHaveLength(3_600);
    expect(seconds.at(-1)?.close).toBe(ends.close);
    expect(Math.abs((seconds[0]?.open ?? 0) - ends.open) / ends.open).toBeLessThan(0.002);
  });

  test('gives nothing before it began and after it ended', () => {
    expect(past.candles(minute, time, time + hour)).toEqual([]);
    expect(past.candles(hour, time - 200 * day, time - 199 * day)).toEqual([]);
    expect(past.candles(minute, time, time - hour)).toEqual([]);
  });
});
