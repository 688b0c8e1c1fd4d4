import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import { type BarColumns, type BarStrategy, barStrategies } from '@scalpstorm/strategies';
import { firstBars, play } from '@scalpstorm/strategies/kit';
import { readBars } from '../data/read-bars.js';

const month = fileURLToPath(
  new URL('../../../../../shared/data/btc-perp_1m_2021-12-31_2022-02-01.csv.gz', import.meta.url),
);
const seconds = fileURLToPath(new URL('../../../indicators/fixtures/btcusdt-1s.csv', import.meta.url));
const barsMax = 10_000;

// Each rule as its source tells it, in a few lines that share nothing with the product: numbers above zero want in, below zero out.

const ema = (values: ArrayLike<number>, period: number): readonly number[] => {
  let value = values[0] ?? Number.NaN;
  return Array.from(values, (one) => {
    value += (2 / (period + 1)) * (one - value);
    return value;
  });
};

/** The mean of the first values, then Wilder's average; of rows from 1 on. */
const wilder = (values: readonly number[], period: number): readonly number[] => {
  let value = values.slice(1, period + 1).reduce((sum, one) => sum + one, 0) / period;
  return values.map((one, row) => {
    if (row > period) value = (value * (period - 1) + one) / period;
    return row < period ? Number.NaN : value;
  });
};

/** The numbers of the rows before this one. */
const before = (values: Float64Array, row: number, count: number) => [
  ...values.subarray(Math.max(0, row - count), row),
];
const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

const byHand: Readonly<Record<string, (bars: BarColumns) => readonly number[]>> = {
  'ema-cross': ({ close }) => {
    const slow = ema(close, 30);
    return ema(close, 10).map((fast, row) => fast - (slow[row] ?? Number.NaN));
  },
  'macd-trend': ({ close }) => {
    const slow = ema(close, 26);
    const line = ema(close, 12).map((fast, row) => fast - (slow[row] ?? Number.NaN));
    const signal = ema(line, 9);
    return line.map((value, row) => value - (signal[row] ?? Number.NaN));
  },
  'rsi-reversion': ({ close }) => {
    const changes = Array.from(close, (value, row) => value - (close[row - 1] ?? Number.NaN));
    const gains = wilder(
      changes.map((one) => Math.max(one, 0)),
      14,
    );
    const losses = wilder(
      changes.map((one) => Math.max(-one, 0)),
      14,
    );
    return gains.map((gain, row) => {
      const strength = 100 - 100 / (1 + gain / (losses[row] ?? Number.NaN));
      return strength < 30 ? 1 : strength > 50 ? -1 : 0;
    });
  },
  bollinger: ({ close }) =>
    Array.from(close, (value, row) => {
      const window = [...before(close, row, 19), value];
      const middle = mean(window);
      const deviation = Math.sqrt(mean(window.map((one) => (one - middle) ** 2)));
      return value < middle - 2 * deviation ? 1 : value >= middle ? -1 : 0;
    }),
  'volume-breakout': ({ high, low, close, volume }) =>
    Array.from(close, (value, row) => {
      const isLoud = (volume[row] ?? 0) >= 1.5 * mean(before(volume, row, 20));
      if (value > Math.max(...before(high, row, 20)) && isLoud) return 1;
      return value < Math.min(...before(low, row, 10)) ? -1 : 0;
    }),
  supertrend: ({ high, low, close }) => {
    const at = (values: Float64Array, row: number) => values[row] ?? Number.NaN;
    const ranges = Array.from(close, (_, row) => {
      const last = at(close, row - 1);
      return Math.max(at(high, row) - at(low, row), Math.abs(at(high, row) - last), Math.abs(at(low, row) - last));
    });
    const range = wilder(ranges, 10);
    let [upper, lower, direction] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1];
    return Array.from(close, (value, row) => {
      if (row < 10) return 0;
      const middle = (at(high, row) + at(low, row)) / 2;
      const width = 3 * (range[row] ?? Number.NaN);
      const last = row === 10 ? 0 : at(close, row - 1);
      if (middle + width < upper || last > upper) upper = middle + width;
      if (middle - width > lower || last < lower) lower = middle - width;
      direction = direction < 0 ? (value > upper ? 1 : -1) : value < lower ? -1 : 1;
      return direction;
    });
  },
};

describe.each([
  ['five recorded minutes', seconds],
  ['a recorded week', month],
])('over %s', (_, path) => {
  let bars: BarColumns;
  beforeAll(() => {
    if (!existsSync(path)) return;
    const bytes = readFileSync(path);
    const read = unwrap(readBars(path.endsWith('.gz') ? gunzipSync(bytes) : bytes));
    bars = firstBars(read, Math.min(barsMax, read.length));
  });

  // The recorded week is not a part of the product: where it is missing there is nothing to compare with.
  (existsSync(path) ? it : it.skip).each([...barStrategies.keys()])('%s decides as its source says', (id) => {
    const strategy = unwrap((barStrategies.get(id) as BarStrategy).configure({}));
    const told = play(strategy.decider(), bars, { warmUp: Number.POSITIVE_INFINITY });
    const hand = byHand[id]?.(bars) ?? [];
    const named = (value = 0) => (value > 0 ? 'enter' : value < 0 ? 'exit' : null);
    const apart = told.slice(strategy.warmUp).filter(({ bar, wish }) => wish !== named(hand[bar]));
    expect(apart).toEqual([]);
    expect(hand).toHaveLength(bars.length);
    const wished = told.slice(strategy.warmUp).map(({ wish }) => wish);
    expect(wished).toEqual(expect.arrayContaining(['enter', 'exit']));
  });
});
