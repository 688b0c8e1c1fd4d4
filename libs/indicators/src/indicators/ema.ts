import { defineIndicator } from '../define.js';
import { type ParametersOf, period, seed } from '../parameters.js';
import { ExponentialAverage, exponential } from '../parts/exponential-average.js';
import { feed, type Rows, requireUsable, requireUsableSum, type Stream } from '../stream.js';

const parameters = { period: period('Period', 20), seed };
type Parameters = ParametersOf<typeof parameters>;

class Ema implements Stream {
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  readonly average: ExponentialAverage;

  constructor(readonly parameters: Parameters) {
    this.average = new ExponentialAverage(exponential(parameters.period, parameters.seed));
  }

  update(close: number): number {
    requireUsable(close, 'close');
    const average = this.average.push(close);
    this.outputs[0] = average;
    return average;
  }
}

const warmUp = ({ period, seed }: Parameters): number => (seed === 'first' ? 1 : period);

/** Rows that are warm, from `from` on. Gives back the sum of the magnitudes of what it read. */
function goOn(stream: Ema, { close, from }: Rows, out: Float64Array): number {
  const { alpha } = stream.average;
  let average = stream.average.value;
  let magnitudes = 0;
  for (let index = from; index < close.length; index += 1) {
    const value = close[index] as number;
    magnitudes += Math.abs(value);
    average += alpha * (value - average);
    out[index] = average;
  }
  return magnitudes;
}

export const ema = defineIndicator(
  {
    id: 'ema',
    title: 'Exponential moving average',
    formula: 'EMA = EMA′ + α × (close − EMA′), α = 2 ÷ (period + 1)',
    source:
      'Seed `first`: EMA₀ = close₀, a value from the first row on. Seed `sma`: begins with the mean of the first `period` rows, as TA-Lib EMA does.',
    inputs: ['close'],
    outputs: { ema: 'price' },
    parameters,
  },
  {
    warmUp,
    start: (given) => new Ema(given),
    fillRefuses: true,
    fill({ close }, given, { ema }) {
      const stream = new Ema(given);
      const from = warmUp(given);
      feed(stream, { inputs: [close], outputs: [ema] }, from);
      requireUsableSum(goOn(stream, { close, from }, ema), { close });
    },
  },
);
