import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { WindowMaximum, windowExtremes } from '../parts/window-maximum.js';
import { WindowMean, windowMeans } from '../parts/window-mean.js';
import { requireUsable, type Stream } from '../stream.js';

const parameters = {
  period: period('Period', 14),
  smoothing: period('Smoothing of %K', 3),
  signalPeriod: period('Period of %D', 3),
};
type Parameters = ParametersOf<typeof parameters>;

/** The place of a value in a range, 0 to 100; halfway where the range is a point. */
const placeIn = (value: number, lowest: number, highest: number): number =>
  highest === lowest ? 50 : (100 * (value - lowest)) / (highest - lowest);

class Stochastic implements Stream {
  readonly outputs = new Float64Array(2).fill(Number.NaN);
  private readonly highest: WindowMaximum;
  private readonly lowest: WindowMaximum;
  private readonly smooth: WindowMean;
  private readonly signal: WindowMean;

  constructor(readonly parameters: Parameters) {
    this.highest = new WindowMaximum(parameters.period);
    this.lowest = new WindowMaximum(parameters.period);
    this.smooth = new WindowMean(parameters.smoothing);
    this.signal = new WindowMean(parameters.signalPeriod);
  }

  update(high: number, low: number, close: number): number {
    requireUsable(high, 'high');
    requireUsable(low, 'low');
    requireUsable(close, 'close');
    const highest = this.highest.push(high);
    const lowest = -this.lowest.push(-low);
    if (Number.isNaN(highest)) return Number.NaN;
    const smooth = this.smooth.push(placeIn(close, lowest, highest));
    if (Number.isNaN(smooth)) return Number.NaN;
    const signal = this.signal.push(smooth);
    if (Number.isNaN(signal)) return Number.NaN;
    this.outputs[0] = smooth;
    this.outputs[1] = signal;
    return smooth;
  }
}

export const stochastic = defineIndicator(
  {
    id: 'stochastic',
    title: 'Stochastic oscillator',
    formula:
      '%K = SMA(100 × (close − lowest low) ÷ (highest high − lowest low), smoothing); %D = SMA(%K, signalPeriod)',
    source: 'Lane, TA-Lib STOCH with simple averages. 50 where the range is a point, where TA-Lib says 0.',
    inputs: ['high', 'low', 'close'],
    outputs: { k: '0 to 100', d: '0 to 100' },
    parameters,
  },
  {
    warmUp: ({ period, smoothing, signalPeriod }) => period + smoothing + signalPeriod - 2,
    start: (given) => new Stochastic(given),
    fill({ high, low, close }, { period, smoothing, signalPeriod }, { k, d }) {
      const places = new Float64Array(close.length);
      windowExtremes(high, { from: 0, period, sign: 1 }, k);
      windowExtremes(low, { from: 0, period, sign: -1 }, d);
      for (let index = period - 1; index < close.length; index += 1)
        places[index] = placeIn(close[index] as number, d[index] as number, k[index] as number);
      windowMeans(places, { from: period - 1, period: smoothing }, k);
      windowMeans(k, { from: period + smoothing - 2, period: signalPeriod }, d);
    },
  },
);
