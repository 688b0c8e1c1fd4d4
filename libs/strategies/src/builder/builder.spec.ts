import { describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';
import { barsOf, checkStrategy, play } from '../kit.js';
import { always, file } from './scene.js';
import { strategyOfFile } from './strategy-of-rule.js';

const close = { bar: 'close' };

/** The bars at whose close it wants in, of a table of bars. */
function enters(enter: Json, table: Parameters<typeof barsOf>[0], options = {}): readonly number[] {
  const strategy = unwrap(unwrap(strategyOfFile(file({ enter }))).configure({}));
  const told = play(strategy.decider(), barsOf(table, options), { warmUp: Number.POSITIVE_INFINITY });
  return told.filter(({ wish }) => wish === 'enter').map(({ bar }) => bar);
}

const prices = [10, 11, 12, 11, 10, 9, 10, 13];

describe('a condition', () => {
  it.each<[string, Json, readonly number[]]>([
    ['is less', { is: '<', left: close, right: 10 }, [5]],
    ['is not more', { is: '<=', left: close, right: 10 }, [0, 4, 5, 6]],
    ['is more', { is: '>', left: close, right: 11 }, [2, 7]],
    ['is not less', { is: '>=', left: close, right: 12 }, [2, 7]],
    ['crosses above', { is: 'crosses-above', left: close, right: 11 }, [2, 7]],
    ['crosses above what moves, too', { is: 'crosses-above', left: close, right: { bar: 'close', ago: 1 } }, [6]],
    ['crosses below', { is: 'crosses-below', left: close, right: 10.5 }, [4]],
    ['is within', { is: 'within', value: close, low: 10, high: 11 }, [0, 1, 3, 4, 6]],
    ['was', { is: '>', left: { bar: 'close', ago: 2 }, right: 11 }, [4]],
    [
      'is both',
      {
        all: [
          { is: '>', left: close, right: 10 },
          { is: '<', left: close, right: 12 },
        ],
      },
      [1, 3],
    ],
    [
      'is one of both',
      {
        any: [
          { is: '<', left: close, right: 10 },
          { is: '>', left: close, right: 12 },
        ],
      },
      [5, 7],
    ],
    ['is not', { not: { is: '<', left: close, right: 12 } }, [2, 7]],
    [
      'is reckoned',
      { is: '>', left: { subtract: [{ multiply: [2, close] }, { divide: [close, 2] }] }, right: 18 },
      [7],
    ],
    ['is not known when divided by nothing', { is: '>', left: { divide: [close, 0] }, right: 1 }, []],
    ['is added', { is: '>=', left: { add: [close, { bar: 'volume' }] }, right: 14 }, [7]],
    ['is of an indicator', { is: '>', left: { indicator: 'sma', with: { period: 2 } }, right: 11 }, [2, 3, 7]],
    [
      'is of an output',
      { is: '>', left: { indicator: 'donchian', with: { period: 3 }, output: 'upper' }, right: 12 },
      [7],
    ],
    [
      'is of an average of volumes',
      { is: '>=', left: { indicator: 'sma', of: 'volume', with: { period: 3 } }, right: 1 },
      [2, 3, 4, 5, 6, 7],
    ],
  ])('%s', (_, condition, expected) => {
    expect(enters(condition, prices)).toEqual(expected);
  });

  const hourly = { from: '2024-01-05T20:00:00Z', barSeconds: 3_600 };
  it.each<[JsonObject, readonly number[]]>([
    [{ from: '21:00', to: '23:00' }, [1, 2]],
    [{ from: '23:00', to: '01:00' }, [3, 4]],
    [{ from: '22:30' }, [3]],
    [{ to: '01:00' }, [4]],
    // The fifth of January 2024 was a Friday.
    [{ weekdays: ['fri'] }, [0, 1, 2, 3]],
    [{ weekdays: ['sat'], to: '02:00' }, [4, 5]],
    [{ weekdays: ['mon', 'sun'] }, []],
  ])('is true in its time: %j', (time, expected) => {
    expect(enters({ time }, Array(8).fill(10), hourly)).toEqual(expected);
  });
});

describe('a rule', () => {
  it('looks at its position: what it gained, how long it is held, and whether it is', () => {
    const exit = {
      any: [
        { is: '>=', left: { position: 'profit-percent' }, right: 10 },
        { is: '>=', left: { position: 'bars-held' }, right: 3 },
      ],
    };
    const strategy = unwrap(unwrap(strategyOfFile(file({ enter: { position: 'flat' }, exit }))).configure({}));
    expect(strategy.kernel).toBeNull();
    const told = play(strategy.decider(), barsOf([10, 10, 10, 10, 10, 10, 12, 12]));
    // In at the open of bar 1; three bars later out, at 4 flat again; in at 5, and the gain at 6.
    expect(told.map(({ wish }) => wish)).toEqual(['enter', null, null, 'exit', 'enter', null, 'exit', 'enter']);
  });

  it('puts a stop and a target where it wants in, once', () => {
    const changes = { enter: { is: '>', left: close, right: 10 }, stop: { percent: 5 }, takeProfit: { percent: 20 } };
    const strategy = unwrap(unwrap(strategyOfFile(file(changes))).configure({}));
    const told = play(strategy.decider(), barsOf([10, 100, 100, 100]));
    expect(told.map(({ stop, takeProfit }) => [stop, takeProfit])).toEqual([
      [null, null],
      [95, 120],
      [null, null],
      [null, null],
    ]);
  });

  it('has a stop that follows the market', () => {
    const strategy = unwrap(unwrap(strategyOfFile(file({ stop: { price: { bar: 'close', ago: 1 } } }))).configure({}));
    const told = play(strategy.decider(), barsOf([{ close: 10 }, { close: 12, open: 11 }, { close: 14, open: 13 }]), {
      warmUp: 1,
    });
    expect(told.map(({ stop }) => stop)).toEqual([null, 10, 12]);
  });

  it('exits where both are wanted', () => {
    const strategy = unwrap(unwrap(strategyOfFile(file({ exit: always }))).configure({}));
    expect(play(strategy.decider(), barsOf([1, 2])).map(({ wish }) => wish)).toEqual(['exit', 'exit']);
  });

  const emaOf = (period: Json) => ({ indicator: 'ema', with: { period } });
  const cross = {
    parameters: {
      period: { kind: 'integer', title: 'Average', description: 'Bars.', default: 20, min: 2, max: 50_000 },
    },
    enter: { is: 'crosses-above', left: close, right: emaOf({ parameter: 'period' }) },
    exit: { is: '<', left: close, right: { ...emaOf({ parameter: 'period' }), ago: 3 } },
  };

  it.each<[string, JsonObject]>([
    ['averages', cross],
    [
      'every kind of input',
      {
        enter: {
          any: [
            { is: '>', left: { indicator: 'mfi' }, right: 60 },
            { is: '>', left: close, right: { indicator: 'session-vwap' } },
          ],
        },
        exit: { is: 'crosses-below', left: { indicator: 'stochastic' }, right: 80 },
      },
    ],
    [
      'its position',
      { ...cross, exit: { is: '>', left: { position: 'bars-held' }, right: 7 }, stop: { percent: 0.5 } },
    ],
    [
      'time',
      { enter: { time: { from: '01:00', to: '03:00' } }, exit: { not: { time: { from: '00:30', to: '04:00' } } } },
    ],
  ])('keeps what every strategy must keep, by %s', (_, changes) => {
    const strategy = unwrap(strategyOfFile(file(changes)));
    const { wishes } = checkStrategy(strategy);
    expect(new Set(wishes.map(({ wish }) => wish))).toEqual(new Set(['enter', 'exit', null]));
  });

  it('gives its parameters to forms, and is refused by them where an indicator would be', () => {
    const strategy = unwrap(strategyOfFile(file(cross)));
    expect(strategy.schema).toMatchObject({ properties: { period: { type: 'integer', default: 20 } } });
    expect(unwrap(strategy.configure({ period: 30 })).warmUp).toBe(153);
    const read = strategy.configure({ period: 20_000 });
    expect(read.ok ? [] : read.error.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'NOT_ALLOWED /period',
      'NOT_ALLOWED /period',
    ]);
  });

  it.each<[JsonObject, number]>([
    [{}, 0],
    [{ enter: { is: '>', left: { bar: 'close', ago: 9 }, right: 1 } }, 9],
    [{ enter: { is: 'crosses-above', left: { indicator: 'sma', with: { period: 20 } }, right: 1 } }, 20],
    [{ enter: { is: '>', left: { indicator: 'rsi' }, right: 1 } }, 70],
    [{ enter: { is: '>', left: { indicator: 'rsi' }, right: 1 }, warmUp: 30 }, 30],
    // Nothing is decided by what is not known yet.
    [{ enter: { is: '>', left: { indicator: 'rsi' }, right: 1 }, warmUp: 3 }, 14],
  ])('warms up as long as it needs: %j', (changes, bars) => {
    expect(unwrap(unwrap(strategyOfFile(file(changes))).configure({})).warmUp).toBe(bars);
  });
});
