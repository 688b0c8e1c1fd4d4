import { defineIndicator } from '../define.js';
import { multiplier, type ParametersOf, period } from '../parameters.js';
import type { Stream } from '../stream.js';
import { Atr, fillAtr } from './atr.js';

const parameters = { period: period('Period of the ATR', 10), multiplier: multiplier('Width in ATRs', 3) };
type Parameters = ParametersOf<typeof parameters>;

/** Up or down, and the band that the close has to break for the other. */
class Trend {
  direction = -1;
  band = Number.NaN;
  private upper = Number.POSITIVE_INFINITY;
  private lower = Number.NEGATIVE_INFINITY;
  private close = 0;

  push(middle: number, width: number, close: number): void {
    const { upper, lower } = this;
    const [above, below] = [middle + width, middle - width];
    this.upper = above < upper || this.close > upper ? above : upper;
    this.lower = below > lower || this.close < lower ? below : lower;
    if (this.direction < 0) this.direction = close > this.upper ? 1 : -1;
    else this.direction = close < this.lower ? -1 : 1;
    this.band = this.direction < 0 ? this.upper : this.lower;
    this.close = close;
  }
}

class Supertrend implements Stream {
  readonly outputs = new Float64Array(2).fill(Number.NaN);
  private readonly atr: Atr;
  private readonly trend = new Trend();

  constructor(readonly parameters: Parameters) {
    this.atr = new Atr({ period: parameters.period });
  }

  update(high: number, low: number, close: number): number {
    const range = this.atr.update(high, low, close);
    if (Number.isNaN(range)) return Number.NaN;
    const { trend, outputs } = this;
    trend.push((high + low) / 2, this.parameters.multiplier * range, close);
    outputs[0] = trend.band;
    outputs[1] = trend.direction;
    return trend.band;
  }
}

export const supertrend = defineIndicator(
  {
    id: 'supertrend',
    title: 'Supertrend',
    formula:
      'Bands (high + low) ÷ 2 ± multiplier × ATR; the upper one only falls until a close is above it, the lower one only rises until a close is below it; up after a close above the upper, down after one below the lower',
    source:
      'Seban, as in TradingView: begins down, so the first rows say little. Its ATR is the one above, which begins a row later than theirs.',
    inputs: ['high', 'low', 'close'],
    outputs: { supertrend: 'price', direction: '1 up, −1 down' },
    parameters,
  },
  {
    warmUp: ({ period }) => period + 1,
    start: (given) => new Supertrend(given),
    fill({ high, low, close }, { period, multiplier }, { supertrend, direction }) {
      fillAtr({ high, low, close }, period, supertrend);
      const trend = new Trend();
      for (let index = period; index < close.length; index += 1) {
        const middle = ((high[index] as number) + (low[index] as number)) / 2;
        trend.push(middle, multiplier * (supertrend[index] as number), close[index] as number);
        supertrend[index] = trend.band;
        direction[index] = trend.direction;
      }
    },
  },
);
