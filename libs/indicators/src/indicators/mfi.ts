import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { typicalPrice, typicalPrices } from '../parts/bar-price.js';
import { WindowSum, windowSums } from '../parts/window-sum.js';
import { requireAmount, requireUsable, type Stream } from '../stream.js';

const parameters = { period: period('Period', 14) };
type Parameters = ParametersOf<typeof parameters>;

/** Halfway where no money has moved. */
const share = (risen: number, fallen: number): number => {
  const moved = risen + fallen;
  return moved === 0 ? 50 : (100 * risen) / moved;
};

class Mfi implements Stream {
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  private readonly risen: WindowSum;
  private readonly fallen: WindowSum;
  private previous = Number.NaN;

  constructor(readonly parameters: Parameters) {
    this.risen = new WindowSum(parameters.period);
    this.fallen = new WindowSum(parameters.period);
  }

  update(high: number, low: number, close: number, volume: number): number {
    requireUsable(high, 'high');
    requireUsable(low, 'low');
    requireUsable(close, 'close');
    requireAmount(volume, 'volume');
    const price = typicalPrice(high, low, close);
    const { previous } = this;
    this.previous = price;
    if (Number.isNaN(previous)) return Number.NaN;
    const flow = price * volume;
    const mfi = share(this.risen.push(price > previous ? flow : 0), this.fallen.push(price < previous ? flow : 0));
    this.outputs[0] = mfi;
    return mfi;
  }
}

export const mfi = defineIndicator(
  {
    id: 'mfi',
    title: 'Money flow index',
    formula:
      'MFI = 100 × R ÷ (R + F); R and F sum typical × volume over the rows whose typical price (high + low + close) ÷ 3 rose and fell',
    source: 'Quong and Soudack (1989), TA-Lib MFI. 50 where no money has moved; TA-Lib says 0 where less than 1 has.',
    inputs: ['high', 'low', 'close', 'volume'],
    outputs: { mfi: '0 to 100' },
    parameters,
  },
  {
    warmUp: ({ period }) => period + 1,
    start: (given) => new Mfi(given),
    fill({ high, low, close, volume }, { period }, { mfi }) {
      const risen = typicalPrices({ high, low, close });
      const fallen = new Float64Array(risen.length);
      let previous = risen[0] as number;
      for (let index = 1; index < risen.length; index += 1) {
        const price = risen[index] as number;
        const flow = price * (volume[index] as number);
        risen[index] = price > previous ? flow : 0;
        fallen[index] = price < previous ? flow : 0;
        previous = price;
      }
      const fallenSums = new Float64Array(risen.length);
      windowSums(risen, { from: 1, period }, mfi);
      windowSums(fallen, { from: 1, period }, fallenSums);
      for (let index = period; index < mfi.length; index += 1)
        mfi[index] = share(mfi[index] as number, fallenSums[index] as number);
    },
  },
);
