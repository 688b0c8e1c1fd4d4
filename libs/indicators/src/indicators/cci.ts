import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { typicalPrice, typicalPrices } from '../parts/bar-price.js';
import { WindowMean, windowMeans } from '../parts/window-mean.js';
import { requireUsable, type Stream } from '../stream.js';

const parameters = { period: period('Period', 20, 2) };
type Parameters = ParametersOf<typeof parameters>;

/** Lambert's constant: most values of an ordinary market are then between −100 and 100. */
const scale = 0.015;

/** The newest of `values[from .. to]` against their mean; 0 where all are the same. Two sums, because each waits for itself. */
function distanceOf(values: Float64Array, { from, to }: { from: number; to: number }, mean: number): number {
  let even = 0;
  let odd = 0;
  let place = from;
  for (; place < to; place += 2) {
    even += Math.abs((values[place] as number) - mean);
    odd += Math.abs((values[place + 1] as number) - mean);
  }
  if (place === to) even += Math.abs((values[to] as number) - mean);
  const deviation = (even + odd) / (to - from + 1);
  return deviation === 0 ? 0 : ((values[to] as number) - mean) / (scale * deviation);
}

class Cci implements Stream {
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  private readonly window: WindowMean;
  /** Every price twice, a period apart, so that the newest `period` always lie in a row. */
  private readonly prices: Float64Array;
  private place = 0;

  constructor(readonly parameters: Parameters) {
    this.window = new WindowMean(parameters.period);
    this.prices = new Float64Array(2 * parameters.period);
  }

  update(high: number, low: number, close: number): number {
    requireUsable(high, 'high');
    requireUsable(low, 'low');
    requireUsable(close, 'close');
    const { prices, place } = this;
    const { period } = this.parameters;
    const price = typicalPrice(high, low, close);
    prices[place] = price;
    prices[place + period] = price;
    this.place = place + 1 === period ? 0 : place + 1;
    const mean = this.window.push(price);
    if (Number.isNaN(mean)) return Number.NaN;
    const cci = distanceOf(prices, { from: place + 1, to: place + period }, mean);
    this.outputs[0] = cci;
    return cci;
  }
}

export const cci = defineIndicator(
  {
    id: 'cci',
    title: 'Commodity channel index',
    formula:
      'CCI = (typical − SMA(typical)) ÷ (0.015 × Σ |typical − SMA(typical)| ÷ period), typical = (high + low + close) ÷ 3',
    source:
      'Lambert (1980), TA-Lib CCI. The mean deviation has no recurrence: an update takes `period` steps, however long the series. 0 where nothing has moved.',
    inputs: ['high', 'low', 'close'],
    outputs: { cci: 'number' },
    parameters,
  },
  {
    warmUp: ({ period }) => period,
    start: (given) => new Cci(given),
    fill(columns, { period }, { cci }) {
      const prices = typicalPrices(columns);
      windowMeans(prices, { from: 0, period }, cci);
      for (let index = period - 1; index < prices.length; index += 1)
        cci[index] = distanceOf(prices, { from: index - period + 1, to: index }, cci[index] as number);
    },
  },
);
