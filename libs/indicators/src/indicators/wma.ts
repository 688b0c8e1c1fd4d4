import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { WindowRampMean, windowRampMeans } from '../parts/window-ramp-mean.js';
import { requireUsable, type Stream } from '../stream.js';

const parameters = { period: period('Period', 20) };
type Parameters = ParametersOf<typeof parameters>;

class Wma implements Stream {
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  private readonly window: WindowRampMean;

  constructor(readonly parameters: Parameters) {
    this.window = new WindowRampMean(parameters.period);
  }

  update(close: number): number {
    requireUsable(close, 'close');
    const mean = this.window.push(close);
    this.outputs[0] = mean;
    return mean;
  }
}

export const wma = defineIndicator(
  {
    id: 'wma',
    title: 'Weighted moving average',
    formula: 'WMA = Σ i × closeᵢ ÷ (period × (period + 1) ÷ 2), i from 1 for the oldest to period for the newest',
    source: 'TA-Lib WMA.',
    inputs: ['close'],
    outputs: { wma: 'price' },
    parameters,
  },
  {
    warmUp: ({ period }) => period,
    start: (given) => new Wma(given),
    fill: ({ close }, { period }, { wma }) => windowRampMeans(close, { from: 0, period }, wma),
  },
);
