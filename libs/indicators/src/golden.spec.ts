import { beforeAll, describe, expect, it } from '@jest/globals';
import { openTaLib, type TaLib } from '@scalpstorm/testkit/ta-lib';
import { SuperTrend, TradingSignal } from 'trading-signals';
import { type Bars, recordedBars } from '../test/recorded-bars.js';
import { marketOf } from '../test/series.js';
import {
  adx,
  atr,
  bollinger,
  cci,
  donchian,
  ema,
  hma,
  ichimoku,
  keltner,
  macd,
  mfi,
  obv,
  realisedVolatility,
  rsi,
  sma,
  stochastic,
  stochRsi,
  supertrend,
  volumeSma,
  vwap,
  wma,
} from './index.js';

// An independent implementation: TA-Lib, and what can be put together from its functions; trading-signals for what TA-Lib does not have.

/** Of the largest value of the series. */
const tolerance = 1e-9;

let taLib: TaLib;
beforeAll(async () => {
  taLib = await openTaLib();
});

const list = (series: ArrayLike<number>): number[] => Array.from(series);
/** The one output of a function. */
const output = (name: string, inputs: readonly (readonly number[])[], ...options: number[]): readonly number[] =>
  taLib(name, { inputs, options })[0] ?? [];
const each = (left: readonly number[], right: readonly number[], make: (a: number, b: number) => number): number[] => {
  const length = Math.min(left.length, right.length);
  const [a, b] = [left.slice(left.length - length), right.slice(right.length - length)];
  return a.map((value, index) => make(value, b[index] ?? Number.NaN));
};
/**
 * The series after so many rows of its first value. TA-Lib begins an exponential average with the mean of its first rows: of rows that are
 * all alike, so that it begins with the first value, as ours does unless it is told otherwise.
 */
const after = (rows: number, series: readonly number[]): number[] => [
  ...Array(rows).fill(series[0] ?? Number.NaN),
  ...series,
];
const plus = (a: number, b: number): number => a + b;
const minus = (a: number, b: number): number => a - b;
const times = (a: number, b: number): number => a * b;
const over = (a: number, b: number): number => a / b;
const half = (a: number, b: number): number => (a + b) / 2;

/** Both end at the same row; TA-Lib tells no row of its warm-up. */
function expectEqual(ours: Float64Array, theirs: readonly number[], warmUp: number, within = tolerance): void {
  expect(theirs.length).toBeGreaterThan(ours.length / 2);
  const first = Math.max(warmUp - 1, ours.length - theirs.length);
  const size = Math.max(...theirs.map(Math.abs));
  for (let row = first; row < ours.length; row += 1) {
    const wanted = theirs[row - ours.length + theirs.length] ?? Number.NaN;
    const apart = Math.abs((ours[row] ?? Number.NaN) - wanted);
    if (!(apart <= within * size)) throw new Error(`row ${row}: ${ours[row]}, and TA-Lib says ${wanted}`);
  }
}

/** The same, and TA-Lib's first row is ours. */
function expectSame(ours: Float64Array, theirs: readonly number[], warmUp: number, within = tolerance): void {
  expect(ours.length - theirs.length).toBe(warmUp - 1);
  expectEqual(ours, theirs, warmUp, within);
}

// Without jumps: TA-Lib subtracts what leaves a window, and keeps the rounding error of it. stability.spec.ts has them.
const walk = marketOf(3_000, { seed: 21, start: 250, step: 0.7, jumpEvery: 1e9, quietEvery: 1e9 });

// Counted from 61 500: of prices that move in the seventh digit TA-Lib keeps too few to compare with. stability.spec.ts has those, too.
const { volume: traded, ...prices } = recordedBars();
const recorded = {
  volume: traded,
  high: prices.high.map((price) => price - 61_500),
  low: prices.low.map((price) => price - 61_500),
  close: prices.close.map((price) => price - 61_500),
};

describe.each<[string, Pick<Bars, 'high' | 'low' | 'close' | 'volume'>]>([
  ['recorded bars', recorded],
  ['a walk', walk],
])('with %s', (_name, bars) => {
  const [high, low, close, volume] = [list(bars.high), list(bars.low), list(bars.close), list(bars.volume)];
  const typical = (): readonly number[] => output('TYPPRICE', [high, low, close]);

  it.each([1, 2, 5, 20, 50])('averages over %i', (period) => {
    if (period > 1) {
      expectSame(sma.batch(bars, { period }).sma, output('SMA', [close], period), sma.warmUp({ period }));
      expectSame(wma.batch(bars, { period }).wma, output('WMA', [close], period), wma.warmUp({ period }));
      const given = { period, seed: 'sma' } as const;
      expectSame(ema.batch(bars, given).ema, output('EMA', [close], period), ema.warmUp(given));
      const usual = { period };
      expectSame(ema.batch(bars, usual).ema, output('EMA', [after(period - 1, close)], period), 1);
      const average = output('SMA', [volume], period);
      expectSame(volumeSma.batch(bars, { period }).average, average, volumeSma.warmUp({ period }));
    } else {
      for (const series of [
        sma.batch(bars, { period }).sma,
        wma.batch(bars, { period }).wma,
        ema.batch(bars, { period }).ema,
      ])
        expect(list(series)).toEqual(close);
    }
  });

  it.each([9, 16, 20])('Hull over %i', (period) => {
    const of = (inReal: number[], timePeriod: number): readonly number[] => output('WMA', [inReal], timePeriod);
    const raw = each(of(close, Math.floor(period / 2)), of(close, period), (fast, slow) => 2 * fast - slow);
    expectSame(hma.batch(bars, { period }).hma, of(raw, Math.floor(Math.sqrt(period))), hma.warmUp({ period }));
  });

  it.each([7, 14, 21])('momentum and range over %i', (period) => {
    const prices = [high, low, close];
    expectSame(rsi.batch(bars, { period }).rsi, output('RSI', [close], period), period + 1);
    expectSame(atr.batch(bars, { period }).atr, output('ATR', prices, period), atr.warmUp({ period }));
    expectSame(cci.batch(bars, { period }).cci, output('CCI', prices, period), cci.warmUp({ period }));
    expectSame(mfi.batch(bars, { period }).mfi, output('MFI', [...prices, volume], period), mfi.warmUp({ period }));
    const ours = adx.batch(bars, { period });
    expectSame(ours.adx, output('ADX', prices, period), adx.warmUp({ period }));
    expectEqual(ours.plusDi, output('PLUS_DI', prices, period), adx.warmUp({ period }));
    expectEqual(ours.minusDi, output('MINUS_DI', prices, period), adx.warmUp({ period }));
  });

  it.each([
    [12, 26, 9],
    [3, 10, 4],
  ])('MACD %i, %i, %i', (fastPeriod, slowPeriod, signalPeriod) => {
    const given = { fastPeriod, slowPeriod, signalPeriod, seed: 'sma' } as const;
    const ours = macd.batch(bars, given);
    const [line, signal, histogram] = taLib('MACD', {
      inputs: [close],
      options: [fastPeriod, slowPeriod, signalPeriod],
      outputs: 3,
    });
    expectSame(ours.macd, line ?? [], macd.warmUp(given));
    expectSame(ours.signal, signal ?? [], macd.warmUp(given));
    expectSame(ours.histogram, histogram ?? [], macd.warmUp(given));
    const usual = { fastPeriod, slowPeriod, signalPeriod };
    const oursUsually = macd.batch(bars, usual);
    const theirs = taLib('MACD', {
      inputs: [after(slowPeriod + signalPeriod - 2, close)],
      options: [fastPeriod, slowPeriod, signalPeriod],
      outputs: 3,
    });
    for (const [at, series] of [oursUsually.macd, oursUsually.signal, oursUsually.histogram].entries())
      expectEqual(series, theirs[at] ?? [], macd.warmUp(usual));
  });

  it.each([10, 20])('bands over %i', (period) => {
    const ours = bollinger.batch(bars, { period, deviations: 2.5 });
    const [upper, middle, lower] = taLib('BBANDS', { inputs: [close], options: [period, 2.5, 2.5, 0], outputs: 3 });
    // TA-Lib subtracts the square of the mean from the mean of the squares: of prices it keeps half the digits.
    expectSame(ours.upper, upper ?? [], period, 1e-8);
    expectSame(ours.middle, middle ?? [], period);
    expectSame(ours.lower, lower ?? [], period, 1e-8);
  });

  it.each([
    [14, 3, 3],
    [20, 1, 4],
  ])('stochastics %i, %i, %i', (period, smoothing, signalPeriod) => {
    const given = { period, smoothing, signalPeriod };
    const ours = stochastic.batch(bars, given);
    const options = [period, smoothing, 0, signalPeriod, 0];
    const [k, d] = taLib('STOCH', { inputs: [high, low, close], options, outputs: 2 });
    expectSame(ours.k, k ?? [], stochastic.warmUp(given));
    expectSame(ours.d, d ?? [], stochastic.warmUp(given));
    const ofRsi = { rsiPeriod: 14, period, smoothing: 1, signalPeriod };
    const oursOfRsi = stochRsi.batch(bars, ofRsi);
    const [kOfRsi, dOfRsi] = taLib('STOCHRSI', { inputs: [close], options: [14, period, signalPeriod, 0], outputs: 2 });
    expectSame(oursOfRsi.k, kOfRsi ?? [], stochRsi.warmUp(ofRsi));
    expectSame(oursOfRsi.d, dOfRsi ?? [], stochRsi.warmUp(ofRsi));
    const smoothed = { rsiPeriod: 14, period, smoothing: 3, signalPeriod };
    const oursSmoothed = stochRsi.batch(bars, smoothed);
    // Its %D is the mean of its %K, so over three rows it is our smoothed %K.
    const [, mean] = taLib('STOCHRSI', { inputs: [close], options: [14, period, 3, 0], outputs: 2 });
    expectEqual(oursSmoothed.k, mean ?? [], stochRsi.warmUp(smoothed));
    expectSame(oursSmoothed.d, output('SMA', [[...(mean ?? [])]], signalPeriod), stochRsi.warmUp(smoothed));
  });

  it.each([2, 20])('channels over %i', (period) => {
    const ours = donchian.batch(bars, { period });
    expectSame(ours.upper, output('MAX', [high], period), period);
    expectSame(ours.lower, output('MIN', [low], period), period);
    expectSame(ours.middle, output('MIDPRICE', [high, low], period), period);
    const given = { period, atrPeriod: 10, multiplier: 1.5, seed: 'sma' } as const;
    const keltners = keltner.batch(bars, given);
    const middle = output('EMA', [close], period);
    const width = output('ATR', [high, low, close], 10).map((value) => 1.5 * value);
    expectEqual(keltners.middle, middle, keltner.warmUp(given));
    expectSame(keltners.upper, each(middle, width, plus), keltner.warmUp(given));
    expectSame(keltners.lower, each(middle, width, minus), keltner.warmUp(given));
    const usual = { period, atrPeriod: 10, multiplier: 1.5 };
    const oursUsually = keltner.batch(bars, usual);
    const fromFirst = output('EMA', [after(period - 1, close)], period);
    expectEqual(oursUsually.middle, fromFirst, keltner.warmUp(usual));
    expectEqual(oursUsually.upper, each(fromFirst, width, plus), keltner.warmUp(usual));
    expectEqual(oursUsually.lower, each(fromFirst, width, minus), keltner.warmUp(usual));
  });

  it.each([
    [10, 3],
    [7, 1.5],
    [2, 1],
  ])('Supertrend over %i ranges, %d wide', (period, multiplier) => {
    const ours = supertrend.batch(bars, { period, multiplier });
    const peer = new SuperTrend({ interval: period, multiplier });
    const before = close[0] ?? Number.NaN;
    // Its first range has no close before it, ours has: the first bar that it hears reaches to that close.
    const heard = close.slice(1).map((value, at) => ({
      high: Math.max(high[at + 1] ?? Number.NaN, at === 0 ? before : Number.NEGATIVE_INFINITY),
      low: Math.min(low[at + 1] ?? Number.NaN, at === 0 ? before : Number.POSITIVE_INFINITY),
      close: value,
    }));
    const told = heard.flatMap((bar) => peer.update(bar, false) ?? []);
    const bands = told.map((row) => row.supertrend);
    const directions = told.map(({ trend }) => (trend === TradingSignal.BULLISH ? 1 : -1));
    expectSame(ours.supertrend, bands, supertrend.warmUp({ period, multiplier }));
    expect(list(ours.direction).slice(period)).toEqual(directions);
    expect(new Set(directions)).toEqual(new Set([1, -1]));
  });

  it('the cloud, and that of 26 rows ago under this row', () => {
    const ours = ichimoku.batch(bars);
    const of = (timePeriod: number): readonly number[] => output('MIDPRICE', [high, low], timePeriod);
    const leading = each(of(9), of(26), half);
    expectEqual(ours.conversion, of(9), ichimoku.warmUp());
    expectEqual(ours.base, of(26), ichimoku.warmUp());
    expectEqual(ours.leadingA, leading, ichimoku.warmUp());
    expectEqual(ours.leadingB, of(52), ichimoku.warmUp());
    expectEqual(ours.cloudA, leading.slice(0, -26), ichimoku.warmUp());
    expectSame(ours.cloudB, of(52).slice(0, -26), ichimoku.warmUp());
  });

  it('what is weighed by volume', () => {
    expectSame(obv.batch(bars).obv, output('OBV', [close, volume]), 1);
    const sum = (inReal: number[]): readonly number[] => output('SUM', [inReal], 20);
    const theirs = each(sum(each(typical(), volume, times)), sum(volume), over);
    expectSame(vwap.batch(bars, { period: 20 }).vwap, theirs, 20);
  });

  it('realised volatility of a year of minutes', () => {
    const logs = list(output('LN', [close]));
    const back = each(logs.slice(1), logs.slice(0, -1), minus);
    const sums = output('SUM', [each(back, back, times)], 30);
    const given = { period: 30, rowsPerYear: 525_600 };
    const theirs = sums.map((value) => Math.sqrt((value / 30) * 525_600));
    const { volatility } = realisedVolatility.batch(bars, given);
    // A logarithm of a price has fewer digits of a small step than a logarithm of a ratio.
    expect(volatility.length - theirs.length).toBe(realisedVolatility.warmUp(given) - 1);
    for (const [index, wanted] of theirs.entries())
      expect(Math.abs((volatility[index + 30] ?? 0) - wanted)).toBeLessThan(1e-6 * wanted);
  });
});
