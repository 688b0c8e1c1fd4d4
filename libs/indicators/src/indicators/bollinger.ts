import { defineIndicator } from '../define.js';
import { multiplier, type ParametersOf, period } from '../parameters.js';
import { WindowMoments, windowMoments } from '../parts/window-moments.js';
import { requireUsable, type Stream } from '../stream.js';

const parameters = { period: period('Period', 20, 2), deviations: multiplier('Standard deviations', 2) };
type Parameters = ParametersOf<typeof parameters>;

class Bollinger implements Stream {
  readonly outputs = new Float64Array(3).fill(Number.NaN);
  private readonly window: WindowMoments;

  constructor(readonly parameters: Parameters) {
    this.window = new WindowMoments(parameters.period);
  }

  update(close: number): number {
    requireUsable(close, 'close');
    const { outputs, window } = this;
    const width = this.parameters.deviations * window.push(close);
    const { mean } = window;
    outputs[0] = mean;
    outputs[1] = mean + width;
    outputs[2] = mean - width;
    return mean;
  }
}

export const bollinger = defineIndicator(
  {
    id: 'bollinger',
    title: 'Bollinger bands',
    formula: 'middle = SMA(close); upper, lower = middle ± deviations × σ, σ = √(Σ (close − middle)² ÷ period)',
    source:
      'Bollinger (1983), TA-Lib BBANDS: the deviation of the population. σ keeps its digits on prices of any size.',
    inputs: ['close'],
    outputs: { middle: 'price', upper: 'price', lower: 'price' },
    parameters,
  },
  {
    warmUp: ({ period }) => period,
    start: (given) => new Bollinger(given),
    fill({ close }, { period, deviations }, { middle, upper, lower }) {
      windowMoments(close, { from: 0, period }, { means: middle, deviations: upper });
      for (let index = 0; index < close.length; index += 1) {
        const mean = middle[index] as number;
        const width = deviations * (upper[index] as number);
        upper[index] = mean + width;
        lower[index] = mean - width;
      }
    },
  },
);
