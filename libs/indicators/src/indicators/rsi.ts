import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { ExponentialAverage, wilder } from '../parts/exponential-average.js';
import { feed, type Rows, requireUsable, requireUsableSum, type Stream } from '../stream.js';

const parameters = { period: period('Period', 14) };
type Parameters = ParametersOf<typeof parameters>;

/** Halfway where nothing has moved: a market that stands still is neither overbought nor oversold. */
const strength = (gain: number, loss: number): number => {
  const moved = gain + loss;
  return moved === 0 ? 50 : (100 * gain) / moved;
};

/** Exact, and without a branch that a random walk takes every other time. */
const gainOf = (change: number): number => (change + Math.abs(change)) / 2;

export class Rsi implements Stream {
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  readonly gain: ExponentialAverage;
  readonly loss: ExponentialAverage;
  private previous = Number.NaN;

  constructor(readonly parameters: Parameters) {
    this.gain = new ExponentialAverage(wilder(parameters.period));
    this.loss = new ExponentialAverage(wilder(parameters.period));
  }

  update(close: number): number {
    requireUsable(close, 'close');
    const change = close - this.previous;
    this.previous = close;
    if (Number.isNaN(change)) return Number.NaN;
    const gain = gainOf(change);
    const rsi = strength(this.gain.push(gain), this.loss.push(gain - change));
    this.outputs[0] = rsi;
    return rsi;
  }
}

/** The batch form of {@link Rsi}; `out` is NaN in the warm-up. */
export function fillRsi(close: Float64Array, given: Parameters, out: Float64Array): void {
  const stream = new Rsi(given);
  const from = given.period + 1;
  feed(stream, { inputs: [close], outputs: [out] }, from);
  requireUsableSum(goOn(stream, { close, from }, out), { close });
}

/** Rows that are warm, from `from` on. Gives back the sum of the magnitudes of what it read. */
function goOn(stream: Rsi, { close, from }: Rows, out: Float64Array): number {
  const { alpha } = stream.gain;
  let gain = stream.gain.value;
  let loss = stream.loss.value;
  let previous = close[from - 1] as number;
  let magnitudes = 0;
  for (let index = from; index < close.length; index += 1) {
    const value = close[index] as number;
    magnitudes += Math.abs(value);
    const change = value - previous;
    previous = value;
    const up = gainOf(change);
    gain += alpha * (up - gain);
    loss += alpha * (up - change - loss);
    out[index] = strength(gain, loss);
  }
  return magnitudes;
}

export const rsi = defineIndicator(
  {
    id: 'rsi',
    title: 'Relative strength index',
    formula: 'RSI = 100 × gain ÷ (gain + loss), each the Wilder average of the rises and falls of the close',
    source:
      'Wilder (1978), TA-Lib RSI: the averages begin with the mean of the first `period` changes. 50 where nothing has moved, where TA-Lib says 0.',
    inputs: ['close'],
    outputs: { rsi: '0 to 100' },
    parameters,
  },
  {
    warmUp: ({ period }) => period + 1,
    start: (given) => new Rsi(given),
    fillRefuses: true,
    fill: ({ close }, given, { rsi }) => fillRsi(close, given, rsi),
  },
);
