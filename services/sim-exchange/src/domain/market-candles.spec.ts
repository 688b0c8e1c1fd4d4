import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Interval, intervals, joinCandles, type VenueCandle } from './candle-series.js';
import { type CandlePast, MarketCandles } from './market-candles.js';
import { syntheticSpec } from './synthetic/default-markets.js';
import { SyntheticPast } from './synthetic/synthetic-past.js';

const { '1m': minute, '1h': hour, '1d': day } = intervals;
const days = 3;
/** 20 s into a minute, an hour and a day. */
const time = 1_790_035_220_000 - (1_790_035_220_000 % day) + day / 2 + 20_000;
const past = SyntheticPast.before(syntheticSpec('BTC-USDT'), { time, price: 6_000_000, seed: 1 });
const begins = time - (time % minute);

/** How many candles of the past were made, however they were asked for. */
let madeOfPast = 0;
const countedPast: CandlePast = {
  candles: (length, from, to) => {
    const made = past.candles(length, from, to);
    madeOfPast += made.length;
    return made;
  },
};

let candles: MarketCandles;
let trades = 0;

const trade = (at: number, price: number, quantity = 5): void => {
  trades += 1;
  candles.add({ id: trades, price, quantity, buyerIsMaker: false, time: at });
};

beforeEach(() => {
  trades = 0;
  candles = new MarketCandles(days);
  candles.open({
    seconds: past.candles(1_000, time - 100_000, time),
    minutes: past.candles(minute, begins - 10 * minute, time),
    past: countedPast,
    written: { '1s': time - 1, '1m': begins - 1 },
  });
  for (let at = time; at < time + 2 * hour; at += 700) trade(at, 6_000_000 + (at % 977));
});

/** Those of a day are rounded where they are of ticks × lots, by the order in which they were added. */
const sums = ({ quoteVolume, takerBuyQuote, ...exact }: VenueCandle) => ({
  ...exact,
  quoted: [quoteVolume, takerBuyQuote].map((sum) => sum.toPrecision(12)),
});
const all = (interval: Interval): readonly VenueCandle[] => candles.select(interval, { limit: 1_000_000 });

describe('the candles of a market', () => {
  test('reach back over the days that are told, without a hole, from the past into what was traded', () => {
    const minutes = all('1m');
    const oldest = time - (time % day) - days * day;
    expect(minutes[0]?.openTime).toBe(oldest);
    expect(minutes.every(({ openTime }, index) => openTime === oldest + index * minute)).toBe(true);
    // The minute in which the market began has both: 20 made up, and what was traded in the rest of it.
    const first = minutes.find(({ openTime }) => openTime === begins);
    expect(first).toMatchObject({ trades: 20 + Math.ceil(40_000 / 700), firstTradeId: 1 });
  });

  test.each(['3m', '5m', '15m', '1h', '4h', '1d'] as const)('of %s are the minutes together', (interval) => {
    expect(all(interval).map(sums)).toEqual(joinCandles(all('1m'), intervals[interval]).map(sums));
    const { current } = candles.series(interval);
    expect(all(interval).slice(-1).map(sums)).toEqual(current === null ? [] : [sums(current)]);
  });

  test.each(['1m', '5m', '1h'] as const)('of %s come in pages as the venue gives them', (interval) => {
    const whole = all(interval);
    const pages: VenueCandle[] = [];
    for (let from = 0; ; from = (pages.at(-1)?.openTime ?? 0) + 1) {
      const page = candles.select(interval, { from, limit: 700 });
      expect(page.length).toBeLessThanOrEqual(700);
      if (page.length === 0) break;
      pages.push(...page);
    }
    expect(pages).toEqual(whole);
    expect(candles.select(interval, { limit: 20 })).toEqual(whole.slice(-20));
    const to = whole.at(-15)?.openTime ?? 0;
    expect(candles.select(interval, { to, limit: 20 })).toEqual(whole.slice(-34, -14));
    expect(candles.select(interval, { from: to - 3 * intervals[interval], to, limit: 20 })).toEqual(
      whole.slice(-18, -14),
    );
  });

  test.each([
    ['1m', { from: time - 2 * day, limit: 700 }, 700],
    ['5m', { from: time - 2 * day, limit: 100 }, 100],
    ['4h', { from: 0, limit: 6 }, 24],
    ['1m', { from: time - 2 * day, to: time - 2 * day + 10 * minute, limit: 700 }, 10],
    ['1m', { limit: 700 }, 700 - 2 * 60 - 1 - 10],
  ] as const)('of %s in %j have no more of the past made than they show', (interval, range, made) => {
    madeOfPast = 0;
    candles.select(interval, range);
    expect(madeOfPast).toBe(made);
  });

  test('are flat where nothing is traded, and a longer one opens with its first trade', () => {
    candles.roll(time + 4 * hour);
    const [, flat, open] = candles.select('1h', { limit: 3 });
    expect(flat).toMatchObject({ trades: 0, volume: 0 });
    expect(open?.open).toBe(open?.close);
    trade(time + 4 * hour + 5 * minute, 5_900_000);
    expect(all('1h').at(-1)).toMatchObject({ open: 5_900_000, high: 5_900_000, low: 5_900_000, trades: 1 });
    expect(all('1h')).toEqual(joinCandles(all('1m'), hour));
  });

  test('are given once to be written, and the open one again', () => {
    const written = candles.takeUnwritten('1m');
    expect(written[0]?.openTime).toBe(begins);
    expect(written).toEqual(all('1m').slice(-written.length));
    expect(candles.takeUnwritten('1m')).toEqual([all('1m').at(-1)]);
    const later = time + 2 * hour + minute;
    trade(later, 6_000_000);
    expect(candles.takeUnwritten('1m')).toEqual(all('1m').slice(-2));
  });
});
