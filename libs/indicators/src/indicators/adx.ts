import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { trueRange } from '../parts/bar-price.js';
import { type AverageRule, ExponentialAverage, wilder } from '../parts/exponential-average.js';
import { feed, requireUsable, type Stream } from '../stream.js';

const parameters = { period: period('Period', 14, 2) };
type Parameters = ParametersOf<typeof parameters>;

/** TA-Lib begins its sums with one value less than the period. Sums and averages differ by a factor that the ratios do not see. */
const directional = (period: number): AverageRule => ({
  alpha: 1 / period,
  seedLength: period - 1,
  seedDivisor: period,
});

/** Share of the range that went one way, 0 to 100. */
const indexOf = (movement: number, range: number): number => (range === 0 ? 0 : (100 * movement) / range);

/** How one-sided the movement is, 0 to 100; 0 where there is none. */
const directionOf = (plus: number, minus: number): number => {
  const moved = plus + minus;
  return moved === 0 ? 0 : (100 * Math.abs(plus - minus)) / moved;
};

class Adx implements Stream {
  readonly outputs = new Float64Array(3).fill(Number.NaN);
  readonly plus: ExponentialAverage;
  readonly minus: ExponentialAverage;
  readonly range: ExponentialAverage;
  readonly average: ExponentialAverage;
  private high = Number.NaN;
  private low = Number.NaN;
  private close = Number.NaN;
  /** The sums have no ratio yet at the row that completes them. */
  private early = 0;

  constructor(readonly parameters: Parameters) {
    this.plus = new ExponentialAverage(directional(parameters.period));
    this.minus = new ExponentialAverage(directional(parameters.period));
    this.range = new ExponentialAverage(directional(parameters.period));
    this.average = new ExponentialAverage(wilder(parameters.period));
    this.early = parameters.period;
  }

  update(high: number, low: number, close: number): number {
    requireUsable(high, 'high');
    requireUsable(low, 'low');
    requireUsable(close, 'close');
    const rise = high - this.high;
    const fall = this.low - low;
    const reach = trueRange(high, low, this.close);
    this.high = high;
    this.low = low;
    this.close = close;
    if (this.early > 0 && this.isEarly(rise)) {
      if (!Number.isNaN(rise)) this.push(rise, fall, reach);
      return Number.NaN;
    }
    return this.tell(this.push(rise, fall, reach));
  }

  /** Counts the first row, which has no change, and the rows of the sums. */
  private isEarly(rise: number): boolean {
    if (!Number.isNaN(rise)) this.early -= 1;
    return this.early > 0 || Number.isNaN(rise);
  }

  private push(rise: number, fall: number, reach: number): number {
    const range = this.range.push(reach);
    this.plus.push(rise > 0 && rise > fall ? rise : 0);
    this.minus.push(fall > 0 && fall > rise ? fall : 0);
    return range;
  }

  private tell(range: number): number {
    const { outputs } = this;
    const plus = indexOf(this.plus.value, range);
    const minus = indexOf(this.minus.value, range);
    const average = this.average.push(directionOf(plus, minus));
    if (Number.isNaN(average)) return Number.NaN;
    outputs[0] = average;
    outputs[1] = plus;
    outputs[2] = minus;
    return average;
  }
}

export const adx = defineIndicator(
  {
    id: 'adx',
    title: 'Average directional index',
    formula:
      '+DM = high − high′ where that is positive and more than low′ − low, else 0, and −DM the other way round; ±DI = 100 × Wilder(±DM) ÷ Wilder(true range); ADX = Wilder average of 100 × |+DI − −DI| ÷ (+DI + −DI)',
    source:
      'Wilder (1978), TA-Lib ADX, PLUS_DI and MINUS_DI: sums begin with `period` − 1 rows. A row without any movement counts as 0, where TA-Lib leaves it out.',
    inputs: ['high', 'low', 'close'],
    outputs: { adx: '0 to 100', plusDi: '0 to 100', minusDi: '0 to 100' },
    parameters,
  },
  {
    warmUp: ({ period }) => 2 * period,
    start: (given) => new Adx(given),
    fill({ high, low, close }, given, { adx, plusDi, minusDi }) {
      const stream = new Adx(given);
      const from = 2 * given.period;
      feed(stream, { inputs: [high, low, close], outputs: [adx, plusDi, minusDi] }, from);
      const { alpha } = stream.average;
      let [plus, minus, range] = [stream.plus.value, stream.minus.value, stream.range.value];
      let average = stream.average.value;
      for (let index = from; index < close.length; index += 1) {
        const rise = (high[index] as number) - (high[index - 1] as number);
        const fall = (low[index - 1] as number) - (low[index] as number);
        const reach = trueRange(high[index] as number, low[index] as number, close[index - 1] as number);
        range += alpha * (reach - range);
        plus += alpha * ((rise > 0 && rise > fall ? rise : 0) - plus);
        minus += alpha * ((fall > 0 && fall > rise ? fall : 0) - minus);
        const up = indexOf(plus, range);
        const down = indexOf(minus, range);
        average += alpha * (directionOf(up, down) - average);
        adx[index] = average;
        plusDi[index] = up;
        minusDi[index] = down;
      }
    },
  },
);
