import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteJournal } from '../adapters/sqlite-journal.js';
import { intervals, type VenueCandle } from '../domain/candle-series.js';
import { Exchange } from '../domain/exchange.js';
import type { Market } from '../domain/market.js';
import { VenueNews } from '../domain/venue-news.js';
import { createSyntheticFeed } from './synthetic-feed.js';

class Silence extends VenueNews {
  traded(): void {}
  quoteChanged(): void {}
  orderChanged(): void {}
  balancesChanged(): void {}
}

const { '1s': second, '1m': minute, '1h': hour, '1d': day } = intervals;
const start = 1_790_000_017_350;
const historyDays = 2;

let folder: string;
let journal: SqliteJournal;
let exchange: Exchange;
let market: Market;
let now: number;

/** A life of the exchange that begins now. */
function live(): ReturnType<typeof createSyntheticFeed> {
  const opened = SqliteJournal.open(folder, { reset: false });
  const { saved } = opened;
  journal = opened.journal;
  exchange = new Exchange(new Silence(), undefined, journal);
  const feed = createSyntheticFeed(exchange, {
    symbols: ['BTC-USDT'],
    seed: 1,
    speed: 1,
    historyDays,
    now: () => now,
    pastOf: ({ wireSymbol }) => ({
      tradeId: saved.markets.get(wireSymbol)?.tradeIdMax ?? 1,
      lastPrice: saved.markets.get(wireSymbol)?.lastPrice ?? null,
      candles: saved.candlesOf(wireSymbol),
    }),
    livesBefore: saved.lives - 1,
  });
  [market] = exchange.allMarkets() as [Market];
  exchange.saveMarkets();
  return feed;
}

/** The market trades for so long; what is told of it is written. */
function trade(feed: ReturnType<typeof createSyntheticFeed>, ms: number): void {
  for (const end = now + ms; now < end; ) {
    now += 100;
    feed.wake();
    exchange.rollCandles(now);
  }
}

/** Those of an interval that are over. */
const closed = (interval: '1s' | '1m' | '1h' | '1d'): readonly VenueCandle[] =>
  market.candles.select(interval, { limit: 1_000_000 }).slice(0, -1);
const isContiguous = (candles: readonly VenueCandle[], length: number): boolean =>
  candles.every(({ openTime }, index) => openTime === (candles[0]?.openTime ?? 0) + index * length);

beforeEach(() => {
  now = start;
  folder = mkdtempSync(join(tmpdir(), 'sim-candles-'));
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a synthetic market', () => {
  test('has its days of candles at once, up to the price at which it trades', () => {
    live();
    const minutes = closed('1m');
    expect(minutes[0]?.openTime).toBe(start - (start % day) - historyDays * day);
    expect(isContiguous(minutes, minute)).toBe(true);
    const seconds = closed('1s');
    expect(seconds.length).toBeGreaterThanOrEqual(2_000);
    expect(isContiguous(seconds, second)).toBe(true);
    const jumps = seconds.map(({ open }, index) => Math.abs(open / (seconds[index - 1]?.close ?? open) - 1));
    expect(Math.max(...jumps)).toBeLessThan(0.001);
    // The last day in the ticker, and the average of the last minutes, are of it.
    expect(market.day()?.trades).toBeGreaterThan(86_000);
    expect(market.averagePrice(now)).not.toBe(BigInt(market.lastPrice ?? 0) * BigInt(market.spec.tickUnits));
  });

  test.each([
    ['at once', 0],
    ['some seconds later', 7_000],
    ['after more than a day', 30 * hour],
    ['after more than it keeps', 4 * day],
  ])('tells after a kill and a start %s what it told before', (_when, away) => {
    trade(live(), 50_000);
    let told = { seconds: closed('1s'), minutes: closed('1m'), hours: closed('1h'), days: closed('1d') };
    for (const life of [2, 3]) {
      journal.close();
      now += away;
      const feed = live();
      expect(market.lastPrice).toBeGreaterThan(0);
      trade(feed, 1_000);
      const after = { seconds: closed('1s'), minutes: closed('1m'), hours: closed('1h'), days: closed('1d') };
      for (const [length, interval] of [
        [second, 'seconds'],
        [minute, 'minutes'],
        [hour, 'hours'],
        [day, 'days'],
      ] as const) {
        expect({ life, interval, isContiguous: isContiguous(after[interval], length) }).toMatchObject({
          isContiguous: true,
        });
        const oldest = after[interval][0]?.openTime ?? 0;
        const expected = told[interval].filter(({ openTime }) => openTime >= oldest);
        expect(after[interval].slice(0, expected.length)).toEqual(expected);
      }
      expect(after.minutes[0]?.openTime).toBe(now - (now % day) - historyDays * day);
      told = after;
    }
  });

  test('begins its candles anew on a state of the version before them, and keeps what else is there', () => {
    trade(live(), 2_000);
    exchange.saveMarkets();
    const { lastPrice } = market;
    journal.close();
    const database = new DatabaseSync(join(folder, 'exchange.sqlite'));
    database.exec('DROP TABLE candle; DROP TABLE beginning; PRAGMA user_version = 1');
    database.close();
    now += hour;
    live();
    expect(market.beginning?.time).toBeGreaterThan(start);
    expect(market.beginning?.price).toBe(lastPrice);
    expect(isContiguous(closed('1m'), minute)).toBe(true);
  });

  test('does not tell what a clock that was ahead made', () => {
    trade(live(), 50_000);
    journal.close();
    now -= 60_000;
    live();
    expect(market.candles.series('1s').current?.openTime).toBeLessThanOrEqual(now);
    journal.close();
    now = start - hour;
    live();
    expect(market.beginning?.time).toBeLessThan(now);
    expect(isContiguous(closed('1m'), minute)).toBe(true);
  });
});
