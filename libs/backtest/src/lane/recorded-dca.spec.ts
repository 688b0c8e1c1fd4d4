import { expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import { Money, Price, Quantity } from '@scalpstorm/model';
import { perpMinutes, recorded, recordedBeginning, rowsOf } from '../../test/recorded-data.js';
import { laneInstrument } from './lane-instrument.js';
import { laneSummaryOf } from './lane-summary.js';
import { planOf, play } from './scene.js';

const parameters = {
  quantity: '0.01',
  safetyOrders: 3,
  deviationPercent: '0.3',
  stepScale: '1.5',
  volumeScale: '2',
  takeProfitPercent: '0.4',
  stopLossPercent: '2',
};
/** Below the price of the base order, in millionths; and what all orders up to this one come to, in lots. */
const [deviations, upTo] = [
  [0n, 3_000n, 7_500n, 14_250n],
  [1_000n, 2_000n, 4_000n, 8_000n],
];
const one = 1_000_000n;
const ceilOf = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor;

/** The rule, and how bars are filled, in whole ticks and lots and in lines that share nothing with the product. */
class ByHand {
  readonly fills: string[] = [];
  readonly nets: bigint[] = [];
  private order: { buys: boolean; limit: bigint; waits: boolean } | null = null;
  private held = 0n;
  private paid = 0n;
  private fees = 0n;
  private first = 0n;
  private isStopped = false;

  bar(...[open, high, low, close]: [bigint, bigint, bigint, bigint]): void {
    for (const [stage, price] of [open, low, high, close].entries()) {
      // A price is heard before what it has filled.
      this.isStopped ||= this.held > 0n && one * price * this.held <= this.paid * (one - 20_000n);
      const { order } = this;
      const isThrough = order !== null && (order.buys ? price < order.limit : price > order.limit);
      if (order?.waits === false && isThrough) this.fill(order.limit);
      if (stage === 0 && this.order?.waits) this.meet(this.order, price);
      this.decide(price, stage === 3);
    }
  }

  private decide(price: bigint, isClosed: boolean): void {
    for (let goes = true; goes; ) {
      const { order } = this;
      const [step, target] = [upTo.findIndex((lots) => this.held < lots), this.target];
      const level =
        this.held === 0n ? ceilOf(price * 1_001n, 1_000n) : (this.first * (one - this.deviation(step))) / one;
      const adds = step >= 0 && !this.isStopped && (this.held === 0n || price <= level);
      const leaves = order?.buys
        ? this.held > 0n && (this.isStopped || 2n * price >= order.limit + target)
        : adds || this.isStopped;
      if (order !== null && (order.limit === 0n || !leaves)) return;
      this.order = { buys: adds, limit: adds ? level : this.isStopped ? 0n : target, waits: true };
      if (!isClosed) this.meet(this.order, price);
      goes = this.order === null;
    }
  }

  private meet(order: NonNullable<typeof this.order>, price: bigint): void {
    order.waits = false;
    if (order.buys ? order.limit >= price : order.limit <= price) this.fill(price);
  }

  private deviation = (step: number): bigint => deviations[step] ?? one;

  /** On the tick above what all of it has cost on average, which is rounded down to 10^-12. */
  private get target(): bigint {
    const average = this.held === 0n ? 0n : (this.paid * 10n ** 9n) / this.held;
    return ceilOf((average * (one + 4_000n)) / one, 10n ** 9n);
  }

  private fill(price: bigint): void {
    const step = upTo.find((lots) => this.held < lots) ?? 0n;
    const lots = this.order?.buys ? step - this.held : this.held;
    this.fees += price * lots;
    this.fills.push(`${this.order?.buys ? 'buy' : 'sell'} ${lots} at ${price}`);
    if (this.order?.buys) {
      if (this.held === 0n) this.first = price;
      [this.held, this.paid] = [this.held + lots, this.paid + price * lots];
    } else {
      // A tick of a lot is 10^-8, a fee of a thousandth of it 10^-11.
      this.nets.push((price * lots - this.paid) * 1_000n - this.fees);
      [this.held, this.paid, this.fees, this.isStopped] = [0n, 0n, 0n, false];
    }
    this.order = null;
  }
}

const minutes = 12_000;

recorded('DCA over recorded bars', () => {
  const rules = laneInstrument({ symbol: 'BTC-USDT', tick: '0.001', step: '0.00001', notionalMin: '5' });
  const fees = [{ volumeMin: Money.of('0', 'USDT'), makerRate: '0.001', takerRate: '0.001' }];
  const market = { path: 'low-first', fees, feeIn: 'quote' } as const;
  const bots = [{ strategy: 'dca', parameters, symbol: 'BTC-USDT' }];
  const plan = planOf({}, market, { instruments: [unwrap(rules)], bots });

  it('trades and earns what its rule does in a few lines, to the last digit, and the same bytes twice', async () => {
    const run = await play(plan, recordedBeginning(perpMinutes, minutes));
    const hand = new ByHand();
    for (const [, ...prices] of rowsOf(perpMinutes).slice(0, minutes)) {
      const [open = 0n, high = 0n, low = 0n, close = 0n] = prices
        .slice(0, 4)
        .map((text) => Price.of(text) / Price.of('0.001'));
      hand.bar(open, high, low, close);
    }
    const [lot, tick] = [Quantity.of('0.00001'), Price.of('0.001')];
    expect(run.fills.map(({ side, quantity, price }) => `${side} ${quantity / lot} at ${price / tick}`)).toEqual(
      hand.fills,
    );
    expect(run.lane.bots[0]?.cycles.map(({ net }) => net.amount / 10n ** 7n)).toEqual(hand.nets);
    expect(hand.nets.length).toBeGreaterThan(50);
    expect(new Set(hand.nets.map((net) => net > 0n))).toEqual(new Set([true, false]));
    const again = await play(plan, recordedBeginning(perpMinutes, minutes));
    expect(JSON.stringify(laneSummaryOf(plan, again))).toBe(JSON.stringify(laneSummaryOf(plan, run)));
  });
});
