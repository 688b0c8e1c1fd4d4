import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { typicalPrice, typicalPrices } from '../parts/bar-price.js';
import { WindowWeightedMean, windowWeightedMeans } from '../parts/window-weighted-mean.js';
import { requireAmount, requireUsable, type Stream } from '../stream.js';

const parameters = { period: period('Period', 20) };
type Parameters = ParametersOf<typeof parameters>;

class Vwap implements Stream {
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  private readonly window: WindowWeightedMean;

  constructor(readonly parameters: Parameters) {
    this.window = new WindowWeightedMean(parameters.period);
  }

  update(high: number, low: number, close: number, volume: number): number {
    requireUsable(high, 'high');
    requireUsable(low, 'low');
    requireUsable(close, 'close');
    requireAmount(volume, 'volume');
    const mean = this.window.push(typicalPrice(high, low, close), volume);
    this.outputs[0] = mean;
    return mean;
  }
}

export const vwap = defineIndicator(
  {
    id: 'vwap',
    title: 'Volume-weighted average price',
    formula: 'VWAP = Σ typical × volume ÷ Σ volume over the newest `period` rows, typical = (high + low + close) ÷ 3',
    source:
      'Berkowitz, Logue and Noser (1988), over a sliding window. The newest typical price where nothing was traded.',
    inputs: ['high', 'low', 'close', 'volume'],
    outputs: { vwap: 'price' },
    parameters,
  },
  {
    warmUp: ({ period }) => period,
    start: (given) => new Vwap(given),
    fill({ high, low, close, volume }, { period }, { vwap }) {
      const values = typicalPrices({ high, low, close });
      windowWeightedMeans({ values, weights: volume }, { from: 0, period }, vwap);
    },
  },
);
