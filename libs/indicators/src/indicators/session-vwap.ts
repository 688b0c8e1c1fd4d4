import { defineIndicator } from '../define.js';
import { typicalPrice } from '../parts/bar-price.js';
import { RunningSum } from '../parts/running-sum.js';
import { requireAmount, requireUsable, type Stream } from '../stream.js';

class SessionVwap implements Stream {
  readonly parameters = {};
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  private readonly traded = new RunningSum();
  private readonly volume = new RunningSum();
  private session = Number.NaN;
  /** The first price of the session: sums are of distances from it, so that they keep their digits. */
  private anchor = Number.NaN;

  update(high: number, low: number, close: number, volume: number, session: number): number {
    requireUsable(high, 'high');
    requireUsable(low, 'low');
    requireUsable(close, 'close');
    requireAmount(volume, 'volume');
    requireUsable(session, 'session');
    const price = typicalPrice(high, low, close);
    if (session !== this.session) this.begin(session, price);
    const traded = this.traded.add((price - this.anchor) * volume);
    const total = this.volume.add(volume);
    const mean = total > 0 ? this.anchor + traded / total : price;
    this.outputs[0] = mean;
    return mean;
  }

  private begin(session: number, price: number): void {
    this.session = session;
    this.anchor = price;
    this.traded.clear();
    this.volume.clear();
  }
}

export const sessionVwap = defineIndicator(
  {
    id: 'session-vwap',
    title: 'Volume-weighted average price of the session',
    formula: 'VWAP = Σ typical × volume ÷ Σ volume since the session began, typical = (high + low + close) ÷ 3',
    source:
      'Berkowitz, Logue and Noser (1988). A session begins where `session` changes, e.g. the number of the day. The newest typical price where nothing was traded.',
    inputs: ['high', 'low', 'close', 'volume', 'session'],
    outputs: { vwap: 'price' },
    parameters: {},
  },
  {
    warmUp: () => 1,
    start: () => new SessionVwap(),
    fill({ high, low, close, volume, session }, _none, { vwap }) {
      const stream = new SessionVwap();
      for (let index = 0; index < close.length; index += 1) {
        vwap[index] = stream.update(
          high[index] as number,
          low[index] as number,
          close[index] as number,
          volume[index] as number,
          session[index] as number,
        );
      }
    },
  },
);
