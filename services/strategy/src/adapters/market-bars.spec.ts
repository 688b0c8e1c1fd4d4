import { beforeEach, describe, expect, test } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { BotId, type Candle } from '@scalpstorm/model';
import { barsKept } from '@scalpstorm/strategies';
import { aCandle, anInstrument } from '@scalpstorm/testkit';
import { MarketBars } from './market-bars.js';

const bot = BotId.of('bot_00000001');
const other = BotId.of('bot_00000002');
const { id: instrumentId } = anInstrument();
const minute = 60 * second;
const wanted = { instrumentId, timeframe: '1m' } as const;
const first = 28_333_333 * minute;
const bar = (place: number, changes: Partial<Candle> = {}): Candle =>
  aCandle({ instrumentId, openedAt: Timestamp.fromMicros(first + place * minute), ...changes });
const series = (from: number, to: number) => Array.from({ length: to - from }, (_, place) => bar(from + place));
/** So many seconds after the first bar has closed. */
const at = (seconds: number) => Timestamp.fromMicros(first + minute + seconds * second);

describe('bars that bots decide by', () => {
  let bars: MarketBars;
  beforeEach(() => {
    bars = new MarketBars();
    bars.want(bot, instrumentId, '1m');
  });
  const places = () => bars.of(instrumentId, '1m')?.map(({ openedAt }) => (openedAt - first) / minute);

  test('are not known before their history has come, and those heard meanwhile come behind it', () => {
    expect(bars.onCandle(bar(5))).toBe(false);
    expect(bars.onCandle(bar(6))).toBe(false);
    expect(places()).toBeUndefined();
    expect(bars.due(at(0))).toEqual([wanted]);
    expect(bars.learn(wanted, series(0, 6))).toBe(true);
    expect(places()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(bars.onCandle(bar(7))).toBe(true);
  });

  test('are closed ones of the timeframe and the instrument that somebody wants', () => {
    bars.learn(wanted, series(0, 3));
    expect(bars.onCandle(bar(3, { closed: false }))).toBe(false);
    expect(bars.onCandle(bar(3, { timeframe: '5m' }))).toBe(false);
    expect(places()).toEqual([0, 1, 2]);
  });

  test('told again or corrected are no news, and the corrected one is kept', () => {
    bars.learn(wanted, series(0, 3));
    expect([bars.onCandle(bar(2)), bars.onCandle(bar(1, { trades: 7 }))]).toEqual([false, false]);
    expect(bars.of(instrumentId, '1m')?.map(({ trades }) => trades)).toEqual([42, 7, 42]);
  });

  test('behind a hole wait until it is filled; where nobody can, the series begins behind it', () => {
    bars.learn(wanted, series(0, 3));
    bars.due(at(0));
    expect(bars.onCandle(bar(5))).toBe(false);
    expect(places()).toBeUndefined();
    expect(bars.due(at(3))).toEqual([wanted]);
    bars.learn(wanted, series(0, 6));
    expect(places()).toEqual([0, 1, 2, 3, 4, 5]);
    bars.onCandle(bar(9));
    bars.learn(wanted, [bar(9)]);
    expect(places()).toEqual([9]);
  });

  test('are asked for again when market-data has got more of their history', () => {
    bars.due(at(0));
    bars.learn(wanted, [bar(5)]);
    expect(bars.due(at(5 * 60))).toEqual([]);
    bars.onCandle(bar(4));
    expect(bars.due(at(5 * 60))).toEqual([wanted]);
    expect(bars.learn(wanted, series(0, 6))).toBe(true);
    expect(places()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('of a market that knows none yet are asked for until it does, though one closes meanwhile', () => {
    bars.due(at(0));
    expect(bars.learn(wanted, [])).toBe(false);
    expect(bars.onCandle(bar(5))).toBe(false);
    expect(bars.due(at(3))).toEqual([wanted]);
    expect(bars.learn(wanted, series(0, 6))).toBe(true);
    expect(places()).toEqual([0, 1, 2, 3, 4, 5]);
    // It was started anew, and has not got its history back.
    expect(bars.onCandle(bar(7))).toBe(false);
    expect(bars.learn(wanted, [])).toBe(false);
    expect(places()).toBeUndefined();
    expect(bars.learn(wanted, series(3, 8))).toBe(true);
    expect(places()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('that are overdue are asked for, now and then', () => {
    bars.due(at(0));
    bars.learn(wanted, series(0, 2));
    // The second closes a minute after the first, the third one later.
    expect(bars.due(at(122))).toEqual([]);
    expect(bars.due(at(122.1))).toEqual([wanted]);
    expect(bars.due(at(132))).toEqual([]);
    expect(bars.due(at(132.1))).toEqual([wanted]);
    expect(bars.learn(wanted, series(0, 2))).toBe(false);
  });

  test('are asked for every two seconds until an answer comes', () => {
    expect([0, 1, 2, 3, 4].map((seconds) => bars.due(at(seconds)).length)).toEqual([1, 0, 1, 0, 1]);
  });

  test('are one series for all bots, bounded, and gone with the last of them', () => {
    bars.learn(wanted, series(0, barsKept + 20));
    expect(places()).toHaveLength(barsKept);
    bars.onCandle(bar(barsKept + 20));
    expect(places()).toHaveLength(barsKept);
    bars.want(other, instrumentId, '1m');
    bars.want(bot, instrumentId, '5m');
    expect(places()).toHaveLength(barsKept);
    bars.drop(other, instrumentId);
    expect(places()).toBeUndefined();
    expect(bars.due(at(0))).toEqual([{ instrumentId, timeframe: '5m' }]);
  });
});
