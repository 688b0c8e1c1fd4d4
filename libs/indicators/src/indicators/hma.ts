import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { WindowRampMean, windowRampMeans } from '../parts/window-ramp-mean.js';
import { requireUsable, type Stream } from '../stream.js';

const parameters = { period: period('Period', 20, 2) };
type Parameters = ParametersOf<typeof parameters>;

const half = (period: number): number => Math.floor(period / 2);
const root = (period: number): number => Math.floor(Math.sqrt(period));

class Hma implements Stream {
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  private readonly fast: WindowRampMean;
  private readonly slow: WindowRampMean;
  private readonly smooth: WindowRampMean;

  constructor(readonly parameters: Parameters) {
    this.fast = new WindowRampMean(half(parameters.period));
    this.slow = new WindowRampMean(parameters.period);
    this.smooth = new WindowRampMean(root(parameters.period));
  }

  update(close: number): number {
    requireUsable(close, 'close');
    const fast = this.fast.push(close);
    const slow = this.slow.push(close);
    if (Number.isNaN(slow)) return Number.NaN;
    const mean = this.smooth.push(fast + (fast - slow));
    this.outputs[0] = mean;
    return mean;
  }
}

export const hma = defineIndicator(
  {
    id: 'hma',
    title: 'Hull moving average',
    formula: 'HMA = WMA(2 × WMA(close, ⌊period ÷ 2⌋) − WMA(close, period), ⌊√period⌋)',
    source: 'Hull (2005). Halves and roots are rounded down; some charts round them.',
    inputs: ['close'],
    outputs: { hma: 'price' },
    parameters,
  },
  {
    warmUp: ({ period }) => period + root(period) - 1,
    start: (given) => new Hma(given),
    fill({ close }, { period }, { hma }) {
      const fast = new Float64Array(close.length);
      const slow = new Float64Array(close.length);
      windowRampMeans(close, { from: 0, period: half(period) }, fast);
      windowRampMeans(close, { from: 0, period }, slow);
      for (let index = period - 1; index < close.length; index += 1) {
        const value = fast[index] as number;
        fast[index] = value + (value - (slow[index] as number));
      }
      windowRampMeans(fast, { from: period - 1, period: root(period) }, hma);
    },
  },
);
