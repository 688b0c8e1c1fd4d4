import { type Columns, defineIndicator } from '../define.js';
import { type ParametersOf, period, seed } from '../parameters.js';
import { ExponentialAverage, exponential } from '../parts/exponential-average.js';
import { feed, type Rows, requireUsable, requireUsableSum, type Stream } from '../stream.js';

const parameters = {
  fastPeriod: period('Fast period', 12),
  slowPeriod: period('Slow period', 26, 2),
  signalPeriod: period('Signal period', 9),
  seed,
};
type Parameters = ParametersOf<typeof parameters>;

class Macd implements Stream {
  readonly outputs = new Float64Array(3).fill(Number.NaN);
  readonly fast: ExponentialAverage;
  readonly slow: ExponentialAverage;
  readonly signal: ExponentialAverage;
  /** Rows that the fast average leaves out, so that both begin at the same row. */
  private early = 0;

  constructor(readonly parameters: Parameters) {
    const { fastPeriod, slowPeriod, signalPeriod, seed } = parameters;
    this.fast = new ExponentialAverage(exponential(fastPeriod, seed));
    this.slow = new ExponentialAverage(exponential(slowPeriod, seed));
    this.signal = new ExponentialAverage(exponential(signalPeriod, seed));
    this.early = seed === 'first' ? 0 : slowPeriod - fastPeriod;
  }

  update(close: number): number {
    requireUsable(close, 'close');
    const slow = this.slow.push(close);
    if (this.early > 0) {
      this.early -= 1;
      return Number.NaN;
    }
    const macd = this.fast.push(close) - slow;
    if (Number.isNaN(macd)) return Number.NaN;
    const signal = this.signal.push(macd);
    if (Number.isNaN(signal)) return Number.NaN;
    const { outputs } = this;
    outputs[0] = macd;
    outputs[1] = signal;
    outputs[2] = macd - signal;
    return macd;
  }
}

const warmUp = ({ slowPeriod, signalPeriod, seed }: Parameters): number =>
  seed === 'first' ? 1 : slowPeriod + signalPeriod - 1;

/** Rows that are warm, from `from` on. Gives back the sum of the magnitudes of what it read. */
function goOn(stream: Macd, { close, from }: Rows, { macd, signal, histogram }: MacdColumns): number {
  const [fastAlpha, slowAlpha, signalAlpha] = [stream.fast.alpha, stream.slow.alpha, stream.signal.alpha];
  let fast = stream.fast.value;
  let slow = stream.slow.value;
  let line = stream.signal.value;
  let magnitudes = 0;
  for (let index = from; index < close.length; index += 1) {
    const value = close[index] as number;
    magnitudes += Math.abs(value);
    fast += fastAlpha * (value - fast);
    slow += slowAlpha * (value - slow);
    const apart = fast - slow;
    line += signalAlpha * (apart - line);
    macd[index] = apart;
    signal[index] = line;
    histogram[index] = apart - line;
  }
  return magnitudes;
}

type MacdColumns = Columns<'macd' | 'signal' | 'histogram'>;

export const macd = defineIndicator(
  {
    id: 'macd',
    title: 'Moving average convergence divergence',
    formula:
      'MACD = EMA(close, fastPeriod) − EMA(close, slowPeriod); signal = EMA(MACD, signalPeriod); histogram = MACD − signal',
    source:
      'Appel (1979). Seed `first`: every average begins with its first value. Seed `sma`: as TA-Lib MACD, the fast average begins at the same row as the slow one, with the mean of the last `fastPeriod` rows.',
    inputs: ['close'],
    outputs: { macd: 'price', signal: 'price', histogram: 'price' },
    parameters,
  },
  {
    faults: ({ fastPeriod, slowPeriod }) =>
      fastPeriod < slowPeriod
        ? []
        : [
            {
              parameter: 'fastPeriod',
              text: `fastPeriod (${fastPeriod}) must be less than slowPeriod (${slowPeriod})`,
              allowed: `a whole number below ${slowPeriod}`,
            },
          ],
    warmUp,
    start: (given) => new Macd(given),
    fillRefuses: true,
    fill({ close }, given, { macd, signal, histogram }) {
      const stream = new Macd(given);
      const from = warmUp(given);
      feed(stream, { inputs: [close], outputs: [macd, signal, histogram] }, from);
      requireUsableSum(goOn(stream, { close, from }, { macd, signal, histogram }), { close });
    },
  },
);
