import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { WindowMaximum, windowExtremes } from '../parts/window-maximum.js';
import { requireUsable, type Stream } from '../stream.js';

const parameters = { period: period('Period', 20) };
type Parameters = ParametersOf<typeof parameters>;

class Donchian implements Stream {
  readonly outputs = new Float64Array(3).fill(Number.NaN);
  private readonly highest: WindowMaximum;
  private readonly lowest: WindowMaximum;

  constructor(readonly parameters: Parameters) {
    this.highest = new WindowMaximum(parameters.period);
    this.lowest = new WindowMaximum(parameters.period);
  }

  update(high: number, low: number): number {
    requireUsable(high, 'high');
    requireUsable(low, 'low');
    const { outputs } = this;
    const upper = this.highest.push(high);
    const lower = -this.lowest.push(-low);
    const middle = (upper + lower) / 2;
    outputs[0] = middle;
    outputs[1] = upper;
    outputs[2] = lower;
    return middle;
  }
}

export const donchian = defineIndicator(
  {
    id: 'donchian',
    title: 'Donchian channel',
    formula: 'upper = highest high, lower = lowest low, middle = (upper + lower) ÷ 2',
    source:
      'Donchian, TA-Lib MAX, MIN and MIDPRICE. The newest row counts: for a breakout, compare with the row before.',
    inputs: ['high', 'low'],
    outputs: { middle: 'price', upper: 'price', lower: 'price' },
    parameters,
  },
  {
    warmUp: ({ period }) => period,
    start: (given) => new Donchian(given),
    fill({ high, low }, { period }, { middle, upper, lower }) {
      windowExtremes(high, { from: 0, period, sign: 1 }, upper);
      windowExtremes(low, { from: 0, period, sign: -1 }, lower);
      for (let index = 0; index < high.length; index += 1)
        middle[index] = ((upper[index] as number) + (lower[index] as number)) / 2;
    },
  },
);
