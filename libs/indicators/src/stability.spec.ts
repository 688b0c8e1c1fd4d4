import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { batchRows, marketOf } from '../test/series.js';
import {
  bollinger,
  cci,
  indicators,
  mfi,
  obv,
  realisedVolatility,
  rsi,
  sessionVwap,
  sma,
  stochastic,
  vwap,
  wma,
} from './index.js';

// Exact values come from whole numbers of any size: a series is counted in 2^-20, so that every one of its values is a double.

const unit = 2 ** 20;
const exact = (value: number): bigint => BigInt(value * unit);
/** A ratio of whole numbers as the nearest double but for one rounding. */
const ratio = (over: bigint, under: bigint): number => {
  const scale = 1n << 80n;
  return Number((over * scale) / under) / 2 ** 80;
};

/** A large price with a small noise upon it. */
function noiseUpon(offset: number, length: number): Float64Array {
  const rng = seededRng(11);
  return Float64Array.from({ length }, () => offset + Math.round(rng.gaussian() * unit) / unit);
}

function exactMoments(window: Float64Array): { readonly mean: number; readonly deviation: number } {
  const values = Array.from(window, exact);
  const count = BigInt(values.length);
  const sum = values.reduce((total, value) => total + value, 0n);
  const squares = values.reduce((total, value) => total + value * value, 0n);
  const mean = ratio(sum, count) / unit;
  return { mean, deviation: Math.sqrt(ratio(count * squares - sum * sum, count * count)) / unit };
}

const relative = (value: number, wanted: number): number => Math.abs(value - wanted) / Math.abs(wanted);

describe('with a noise of 1 upon 10^9', () => {
  const close = noiseUpon(1e9, 3_000);
  const period = 200;
  const window = (index: number): Float64Array => close.subarray(index - period + 1, index + 1);
  const rows = [199, 200, 201, 399, 400, 1_234, 2_999];

  it('the simple average has all its digits', () => {
    const { sma: means } = sma.batch({ close }, { period });
    for (const index of rows)
      expect(relative(means[index] ?? 0, exactMoments(window(index)).mean)).toBeLessThan(2.3e-16);
  });

  it('the weighted average has all its digits', () => {
    const { wma: means } = wma.batch({ close }, { period });
    for (const index of rows) {
      const weighted = Array.from(window(index), exact).reduce(
        (sum, value, place) => sum + value * BigInt(place + 1),
        0n,
      );
      const wanted = ratio(weighted, BigInt((period * (period + 1)) / 2)) / unit;
      expect(relative(means[index] ?? 0, wanted)).toBeLessThan(2.3e-16);
    }
  });

  it('the bands are as wide as the noise, to 10^-12 of their width', () => {
    // Wide enough that the last digit of the price does not hide the width.
    const { upper, lower } = bollinger.batch({ close: close.map((value) => value - 1e9) }, { period, deviations: 1 });
    const far = bollinger.start({ period, deviations: 1e-3 * 1e5 });
    for (const [index, value] of close.entries()) {
      far.update(value);
      if (!rows.includes(index)) continue;
      const { deviation } = exactMoments(window(index));
      expect(relative(((upper[index] ?? 0) - (lower[index] ?? 0)) / 2, deviation)).toBeLessThan(1e-12);
      expect(relative(((far.outputs[1] ?? 0) - (far.outputs[2] ?? 0)) / 200, deviation)).toBeLessThan(1e-8);
    }
  });

  it('the volume-weighted average has all its digits', () => {
    const rng = seededRng(4);
    const volume = Float64Array.from(close, () => rng.below(1_000));
    const means = vwap.batch({ high: close, low: close, close, volume }, { period }).vwap;
    for (const index of rows) {
      const traded = Array.from(window(index), (value, place) => {
        const at = index - period + 1 + place;
        return exact((value + value + value) / 3) * BigInt(volume[at] ?? 0);
      }).reduce((sum, value) => sum + value, 0n);
      const sold = volume.subarray(index - period + 1, index + 1).reduce((sum, value) => sum + value, 0);
      expect(relative(means[index] ?? 0, ratio(traded, BigInt(sold)) / unit)).toBeLessThan(4e-16);
    }
  });
});

describe('after a jump of nine digits has left the window', () => {
  const period = 20;
  const calm = noiseUpon(100, 60);
  const jumped = Float64Array.from([...noiseUpon(100, 33), 1e11, 3e-7, 1e11, ...calm]);
  const last = (series: Float64Array | undefined): number => series?.at(-1) ?? Number.NaN;

  it('averages and bands know nothing of it', () => {
    for (let length = period; length <= calm.length; length += 1) {
      const close = jumped.subarray(0, jumped.length - calm.length + length);
      const { mean, deviation } = exactMoments(calm.subarray(length - period, length));
      const bands = bollinger.batch({ close }, { period, deviations: 1 });
      expect(relative(last(sma.batch({ close }, { period }).sma), mean)).toBeLessThan(4e-16);
      expect(relative(last(bands.middle), mean)).toBeLessThan(4e-16);
      expect(relative((last(bands.upper) - last(bands.lower)) / 2, deviation)).toBeLessThan(1e-12);
    }
  });
});

describe('over ten million values', () => {
  const length = 1e7;
  const period = 50;

  it('nothing drifts away', () => {
    const rng = seededRng(8);
    const average = sma.start({ period });
    const bands = bollinger.start({ period, deviations: 1 });
    const balance = obv.start();
    const newest = new Float64Array(period);
    // Counted in 2^-20 it stays below 2^53, so that it is exact.
    let sum = 0;
    let previous = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < length; index += 1) {
      const close = 1e6 + Math.round(rng.next() * unit) / unit;
      const volume = Math.round(rng.next() * unit) / unit;
      newest[index % period] = close;
      average.update(close);
      bands.update(close);
      balance.update(close, volume);
      if (close !== previous) sum += close > previous ? volume * unit : -volume * unit;
      previous = close;
    }
    const { mean, deviation } = exactMoments(newest);
    const [middle = 0, upper = 0, lower = 0] = bands.outputs;
    expect(relative(average.outputs[0] ?? 0, mean)).toBeLessThan(2.3e-16);
    expect(relative(middle, mean)).toBeLessThan(2.3e-16);
    expect(relative((upper - lower) / 2, deviation)).toBeLessThan(1e-9);
    expect(balance.outputs[0]).toBe(sum / unit);
  });
});

describe('a balance of ten million volumes that are no binary fractions', () => {
  it('has all its digits', () => {
    const balance = obv.start();
    const count = 1e7;
    for (let row = 1; row <= count; row += 1) balance.update(row, 0.1);
    // A product is rounded once; a plain sum of these would be wrong in the ninth digit.
    expect(relative(balance.outputs[0] ?? 0, count * 0.1)).toBeLessThan(2.3e-16);
  });
});

describe('in a market that stands still', () => {
  // No sum of these is exact.
  const prices = [0.1, 1e-8, 62_345.67, 1e9 + 0.1];
  const still = (price: number) => ({
    ...marketOf(200, { seed: 1, start: price, step: 0, jumpEvery: 100, quietEvery: 1e9 }),
    bidPrice: new Float64Array(200).fill(price),
    askPrice: new Float64Array(200).fill(price),
    bidQuantity: new Float64Array(200).fill(3),
    askQuantity: new Float64Array(200).fill(4),
  });

  it.each(['sma', 'ema', 'wma', 'hma', 'bollinger', 'donchian', 'keltner', 'supertrend', 'ichimoku'])(
    'every line of %s is exactly the price',
    (id) => {
      const indicator = indicators.find((one) => one.id === id);
      if (indicator === undefined) throw new Error(id);
      for (const price of prices) {
        const rows = batchRows(indicator, still(price), {}).slice(indicator.warmUp() - 1);
        expect([...new Set(rows.flat())].filter((value) => value !== price && value !== -1)).toEqual([]);
      }
    },
  );

  it('oscillators rest in the middle, and ranges are zero', () => {
    const resting = {
      rsi: 50,
      macd: 0,
      atr: 0,
      adx: 0,
      stochastic: 50,
      'stoch-rsi': 50,
      cci: 0,
      mfi: 50,
      'realised-volatility': 0,
      'order-flow-imbalance': 0,
    };
    for (const [id, value] of Object.entries(resting)) {
      const indicator = indicators.find((one) => one.id === id);
      if (indicator === undefined) throw new Error(id);
      for (const price of prices) {
        const rows = batchRows(indicator, still(price), {}).slice(indicator.warmUp() - 1);
        expect([id, ...new Set(rows.flat())]).toEqual([id, value]);
      }
    }
  });

  it('a price without trades is the average price', () => {
    const { close } = still(0.3);
    const none = new Float64Array(close.length);
    const columns = { high: close, low: close, close, volume: none, session: none };
    const typical = (0.3 + 0.3 + 0.3) / 3;
    expect(vwap.batch(columns).vwap.at(-1)).toBe(typical);
    expect(sessionVwap.batch(columns).vwap.at(-1)).toBe(typical);
    expect(mfi.batch(columns).mfi.at(-1)).toBe(50);
  });
});

describe('prices of any size', () => {
  it('give the same oscillators: all are scaled by a power of two', () => {
    const market = marketOf(400, { seed: 9, start: 100, step: 1, jumpEvery: 1e9, quietEvery: 9 });
    const scale = 2 ** -40;
    const small = { ...market };
    for (const name of ['high', 'low', 'close', 'volume'] as const)
      small[name] = market[name].map((value) => value * scale);
    for (const indicator of [rsi, stochastic, cci, mfi, realisedVolatility])
      expect(batchRows(indicator, small, {})).toEqual(batchRows(indicator, market, {}));
  });
});
