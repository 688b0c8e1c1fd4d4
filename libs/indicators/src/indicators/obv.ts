import { defineIndicator } from '../define.js';
import { RunningSum } from '../parts/running-sum.js';
import { requireAmount, requireUsable, type Stream } from '../stream.js';

const signed = (close: number, previous: number, volume: number): number => {
  if (close > previous) return volume;
  return close < previous ? -volume : 0;
};

class Obv implements Stream {
  readonly parameters = {};
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  private readonly sum = new RunningSum();
  /** Below every price, so that the first row counts as a rise. */
  private previous = Number.NEGATIVE_INFINITY;

  update(close: number, volume: number): number {
    requireUsable(close, 'close');
    requireAmount(volume, 'volume');
    const balance = this.sum.add(signed(close, this.previous, volume));
    this.previous = close;
    this.outputs[0] = balance;
    return balance;
  }
}

export const obv = defineIndicator(
  {
    id: 'obv',
    title: 'On-balance volume',
    formula: 'OBV = OBV′ + volume where the close rose, − volume where it fell',
    source:
      'Granville (1963), TA-Lib OBV: begins with the first volume. The sum keeps its rounding error apart (Neumaier).',
    inputs: ['close', 'volume'],
    outputs: { obv: 'volume' },
    parameters: {},
  },
  {
    warmUp: () => 1,
    start: () => new Obv(),
    fill({ close, volume }, _none, { obv }) {
      const sum = new RunningSum();
      let previous = Number.NEGATIVE_INFINITY;
      for (let index = 0; index < close.length; index += 1) {
        const price = close[index] as number;
        obv[index] = sum.add(signed(price, previous, volume[index] as number));
        previous = price;
      }
    },
  },
);
