import { defineIndicator } from '../define.js';
import { multiplier, type ParametersOf, period, seed } from '../parameters.js';
import { ExponentialAverage, exponential } from '../parts/exponential-average.js';
import type { Stream } from '../stream.js';
import { Atr, fillAtr } from './atr.js';
import { ema } from './ema.js';

const parameters = {
  period: period('Period of the average', 20),
  atrPeriod: period('Period of the ATR', 10),
  multiplier: multiplier('Width in ATRs', 2),
  seed,
};
type Parameters = ParametersOf<typeof parameters>;

class Keltner implements Stream {
  readonly outputs = new Float64Array(3).fill(Number.NaN);
  private readonly average: ExponentialAverage;
  private readonly atr: Atr;

  constructor(readonly parameters: Parameters) {
    this.average = new ExponentialAverage(exponential(parameters.period, parameters.seed));
    this.atr = new Atr({ period: parameters.atrPeriod });
  }

  update(high: number, low: number, close: number): number {
    const width = this.parameters.multiplier * this.atr.update(high, low, close);
    const middle = this.average.push(close);
    if (Number.isNaN(middle + width)) return Number.NaN;
    const { outputs } = this;
    outputs[0] = middle;
    outputs[1] = middle + width;
    outputs[2] = middle - width;
    return middle;
  }
}

export const keltner = defineIndicator(
  {
    id: 'keltner',
    title: 'Keltner channel',
    formula: 'middle = EMA(close, period); upper, lower = middle ± multiplier × ATR(atrPeriod)',
    source: 'Keltner (1960) in the form of Raschke: exponential average of the close, and Wilder’s ATR.',
    inputs: ['high', 'low', 'close'],
    outputs: { middle: 'price', upper: 'price', lower: 'price' },
    parameters,
  },
  {
    warmUp: ({ period, atrPeriod, seed }) => Math.max(ema.warmUp({ period, seed }), atrPeriod + 1),
    start: (given) => new Keltner(given),
    fill({ high, low, close }, { period, atrPeriod, multiplier, seed }, { middle, upper, lower }) {
      fillAtr({ high, low, close }, atrPeriod, upper);
      ema.batch({ close }, { period, seed }, { ema: middle });
      for (let index = 0; index < close.length; index += 1) {
        const mean = middle[index] as number;
        const width = multiplier * (upper[index] as number);
        upper[index] = mean + width;
        lower[index] = mean - width;
      }
    },
  },
);
