import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { WindowMaximum, windowExtremes } from '../parts/window-maximum.js';
import { WindowMean, windowMeans } from '../parts/window-mean.js';
import type { Stream } from '../stream.js';
import { fillRsi, Rsi } from './rsi.js';

const parameters = {
  rsiPeriod: period('Period of the RSI', 14),
  period: period('Period of the range', 14),
  smoothing: period('Smoothing of %K', 3),
  signalPeriod: period('Period of %D', 3),
};
type Parameters = ParametersOf<typeof parameters>;

/** While the close stands still the RSI does, but for its last digits; they must not decide between 0 and 100. */
const rangeMin = 1e-9;

const placeIn = (value: number, lowest: number, highest: number): number => {
  const range = highest - lowest;
  return range < rangeMin ? 50 : (100 * (value - lowest)) / range;
};

class StochRsi implements Stream {
  readonly outputs = new Float64Array(2).fill(Number.NaN);
  private readonly rsi: Rsi;
  private readonly highest: WindowMaximum;
  private readonly lowest: WindowMaximum;
  private readonly smooth: WindowMean;
  private readonly signal: WindowMean;

  constructor(readonly parameters: Parameters) {
    this.rsi = new Rsi({ period: parameters.rsiPeriod });
    this.highest = new WindowMaximum(parameters.period);
    this.lowest = new WindowMaximum(parameters.period);
    this.smooth = new WindowMean(parameters.smoothing);
    this.signal = new WindowMean(parameters.signalPeriod);
  }

  update(close: number): number {
    const rsi = this.rsi.update(close);
    if (Number.isNaN(rsi)) return Number.NaN;
    const highest = this.highest.push(rsi);
    const lowest = -this.lowest.push(-rsi);
    if (Number.isNaN(highest)) return Number.NaN;
    const smooth = this.smooth.push(placeIn(rsi, lowest, highest));
    if (Number.isNaN(smooth)) return Number.NaN;
    const signal = this.signal.push(smooth);
    if (Number.isNaN(signal)) return Number.NaN;
    this.outputs[0] = smooth;
    this.outputs[1] = signal;
    return smooth;
  }
}

export const stochRsi = defineIndicator(
  {
    id: 'stoch-rsi',
    title: 'Stochastic RSI',
    formula: '%K = SMA(100 × (RSI − lowest RSI) ÷ (highest RSI − lowest RSI), smoothing); %D = SMA(%K, signalPeriod)',
    source:
      'Chande and Kroll (1994), on a scale of 100. With smoothing 1 it is TA-Lib STOCHRSI. 50 where the RSI stands still (range below 10⁻⁹), where TA-Lib goes by the last digits.',
    inputs: ['close'],
    outputs: { k: '0 to 100', d: '0 to 100' },
    parameters,
  },
  {
    warmUp: ({ rsiPeriod, period, smoothing, signalPeriod }) => rsiPeriod + period + smoothing + signalPeriod - 2,
    start: (given) => new StochRsi(given),
    fill({ close }, { rsiPeriod, period, smoothing, signalPeriod }, { k, d }) {
      const rsi = new Float64Array(close.length);
      fillRsi(close, { period: rsiPeriod }, rsi);
      windowExtremes(rsi, { from: rsiPeriod, period, sign: 1 }, k);
      windowExtremes(rsi, { from: rsiPeriod, period, sign: -1 }, d);
      const from = rsiPeriod + period - 1;
      for (let index = from; index < close.length; index += 1)
        rsi[index] = placeIn(rsi[index] as number, d[index] as number, k[index] as number);
      windowMeans(rsi, { from, period: smoothing }, k);
      windowMeans(k, { from: from + smoothing - 1, period: signalPeriod }, d);
    },
  },
);
