import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { WindowMean, windowMeans } from '../parts/window-mean.js';
import { requireUsable, type Stream } from '../stream.js';

const parameters = { period: period('Period', 20) };
type Parameters = ParametersOf<typeof parameters>;

export class Sma implements Stream {
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  private readonly window: WindowMean;

  constructor(readonly parameters: Parameters) {
    this.window = new WindowMean(parameters.period);
  }

  update(value: number): number {
    requireUsable(value, 'value');
    const mean = this.window.push(value);
    this.outputs[0] = mean;
    return mean;
  }
}

export const sma = defineIndicator(
  {
    id: 'sma',
    title: 'Simple moving average',
    formula: 'SMA = Σ close ÷ period',
    source: 'TA-Lib SMA. A series that stands still has exactly its value as the average.',
    inputs: ['close'],
    outputs: { sma: 'price' },
    parameters,
  },
  {
    warmUp: ({ period }) => period,
    start: (given) => new Sma(given),
    fill: ({ close }, { period }, { sma }) => windowMeans(close, { from: 0, period }, sma),
  },
);
