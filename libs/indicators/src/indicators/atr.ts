import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { trueRange } from '../parts/bar-price.js';
import { ExponentialAverage, wilder } from '../parts/exponential-average.js';
import { feed, requireUsable, requireUsableSum, type Stream } from '../stream.js';

const parameters = { period: period('Period', 14) };
type Parameters = ParametersOf<typeof parameters>;

export class Atr implements Stream {
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  readonly average: ExponentialAverage;
  private previousClose = Number.NaN;

  constructor(readonly parameters: Parameters) {
    this.average = new ExponentialAverage(wilder(parameters.period));
  }

  update(high: number, low: number, close: number): number {
    requireUsable(high, 'high');
    requireUsable(low, 'low');
    requireUsable(close, 'close');
    const range = trueRange(high, low, this.previousClose);
    this.previousClose = close;
    if (Number.isNaN(range)) return Number.NaN;
    const average = this.average.push(range);
    this.outputs[0] = average;
    return average;
  }
}

/** The series that true ranges are made of. */
export interface RangeColumns {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** The batch form of {@link Atr}; `out` is NaN in the warm-up. */
export function fillAtr({ high, low, close }: RangeColumns, period: number, out: Float64Array): void {
  const stream = new Atr({ period });
  const from = period + 1;
  feed(stream, { inputs: [high, low, close], outputs: [out] }, from);
  requireUsableSum(goOn(stream, { high, low, close, from }, out), { high, low, close });
}

/** Rows that are warm, from `from` on. Gives back the sum of the magnitudes of what it read. */
function goOn(
  stream: Atr,
  { high, low, close, from }: RangeColumns & { readonly from: number },
  out: Float64Array,
): number {
  const { alpha } = stream.average;
  let average = stream.average.value;
  let previousClose = close[from - 1] as number;
  let magnitudes = 0;
  for (let index = from; index < close.length; index += 1) {
    const top = high[index] as number;
    const bottom = low[index] as number;
    const range = trueRange(top, bottom, previousClose);
    previousClose = close[index] as number;
    magnitudes += Math.abs(top) + Math.abs(bottom) + Math.abs(previousClose);
    average += alpha * (range - average);
    out[index] = average;
  }
  return magnitudes;
}

export const atr = defineIndicator(
  {
    id: 'atr',
    title: 'Average true range',
    formula: 'ATR = Wilder average of max(high, close′) − min(low, close′)',
    source:
      'Wilder (1978), TA-Lib ATR: the first row has no true range, and the average begins with the mean of the `period` after it.',
    inputs: ['high', 'low', 'close'],
    outputs: { atr: 'price' },
    parameters,
  },
  {
    warmUp: ({ period }) => period + 1,
    start: (given) => new Atr(given),
    fillRefuses: true,
    fill: (columns, { period }, { atr }) => fillAtr(columns, period, atr),
  },
);
