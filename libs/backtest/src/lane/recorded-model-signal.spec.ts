import { beforeAll, expect, it } from '@jest/globals';
import { assert, second, Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId, Money, type Prediction } from '@scalpstorm/model';
import type { StrategyContext } from '@scalpstorm/strategies';
import { cashOf, overheard, sum } from '../../test/overheard.js';
import { recorded, recordedSource, spotBook, spotTrades } from '../../test/recorded-data.js';
import type { LanePlan } from './lane-options.js';
import { laneSummaryOf } from './lane-summary.js';
import { planOf, play } from './scene.js';

const start = Money.of('10000', 'USDT');
const hold = 8 * second;
const parameters = { quantity: '0.01', marginBps: '0.5', takeProfitPercent: '0.03', stopLossPercent: '0.03' };
const fees = [{ volumeMin: Money.of('0', 'USDT'), makerRate: '0.0001', takerRate: '0.0001' }];
/** 0.9 × 8 − 0.1 × 8 − 2 × 1 are 4.4 basis points after both fees; 0.3 × 8 − 0.7 × 8 − 2 are a loss. */
const [sure, unsure] = [0.9, 0.3];

function predictionOf({ instrument, now }: StrategyContext, probability: number): Prediction {
  return {
    instrumentId: instrument.id,
    model: 'direction',
    version: '1',
    up: { probability, winBps: 8, lossBps: 8 },
    down: { probability: 1 - probability, winBps: 8, lossBps: 8 },
    horizon: hold,
    occurredAt: now,
    validUntil: Timestamp.plus(now, 2 * second),
  };
}

/** A model of one line speaks once a second, as far as it does: what has risen in a second will rise. Null: nothing was expected. */
function planWith(expectedAt: Map<number, Prediction | null>, speaks: (now: number) => boolean = () => true): LanePlan {
  let [newest, price]: [Prediction | null, bigint] = [null, 0n];
  const heard = overheard('model-signal', (configured) => ({
    heedsMarket: () => true,
    step: (state, event, told) => {
      const isDue = newest === null || told.now >= newest.occurredAt + second;
      const says = isDue && told.trade !== null && speaks(told.now);
      if (says && told.trade !== null) {
        newest = predictionOf(told, told.trade.price > price ? sure : unsure);
        price = told.trade.price;
      }
      const context = { ...told, prediction: newest };
      const first = says ? configured.step(state, { kind: 'prediction' }, context) : { state, effects: [] };
      const next = configured.step(first.state, event, context);
      const effects = [...first.effects, ...next.effects];
      const opens = effects.some((effect) => effect.kind === 'place' && effect.order.purpose === 'open');
      if (opens) expectedAt.set(told.now, newest);
      return { state: next.state, effects };
    },
  }));
  const bots = [{ strategy: 'model-signal', parameters, symbol: 'BTC-USDT' }];
  return planOf({}, { fees, feeIn: 'quote' }, { bots, strategies: heard });
}

const run = (plan: LanePlan) => play(plan, recordedSource(spotTrades), recordedSource(spotBook));

recorded('a model signal on a recorded book', () => {
  const expectedAt = new Map<number, Prediction | null>();
  const plan = planWith(expectedAt);
  let whole: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    whole = await run(plan);
  });

  it('opens only by a prediction that is valid and worth its costs, and holds nothing for longer than it may', () => {
    const { lane, orders } = whole;
    const entries = orders.filter(({ request }) => request.purpose === 'open');
    expect(entries.length).toBeGreaterThan(20);
    for (const { createdAt, request } of entries) {
      const prediction = expectedAt.get(createdAt);
      assert(prediction !== undefined && prediction !== null, 'opened without a prediction');
      expect(prediction.up.probability).toBe(sure);
      expect(createdAt).toBeLessThanOrEqual(prediction.validUntil);
      expect(request.timeInForce).toBe('IOC');
    }
    const cycles = lane.bots[0]?.cycles ?? [];
    expect(new Set(cycles.map(({ exit }) => exit)).size).toBeGreaterThan(1);
    // A row of the data comes at least so often.
    for (const { startedAt, completedAt } of cycles) expect(completedAt - startedAt).toBeLessThan(hold + 5 * second);
  });

  it('earns what its fills say, to the last digit, and gives the same bytes twice', async () => {
    const { fills, lane } = whole;
    const cycles = lane.bots[0]?.cycles ?? [];
    expect(cycles.length).toBeGreaterThan(5);
    for (const { number, net } of cycles) {
      const own = fills.filter(({ clientOrderId }) => ClientOrderId.slotOf(clientOrderId)?.cycle === number);
      expect(net.amount).toBe(sum(own.map(cashOf)));
    }
    expect(lane.wallet.total(start.currency)).toBe(start.amount + sum(fills.map(cashOf)));
    const again = await run(planWith(new Map()));
    const bytes = (one: typeof whole) => JSON.stringify(laneSummaryOf(plan, one));
    expect(bytes(again)).toBe(bytes(whole));
  });

  it('opens nothing while the model is silent', async () => {
    const [from, to] = [whole.from + 60e6, whole.from + 180e6];
    const opened = (one: typeof whole) =>
      one.orders.filter(({ createdAt, request }) => {
        return request.purpose === 'open' && createdAt > from + 2 * second && createdAt < to;
      });
    expect(opened(whole).length).toBeGreaterThan(5);
    const silent = await run(planWith(new Map(), (now) => now < from || now >= to));
    expect(opened(silent)).toEqual([]);
    expect(silent.orders.some(({ createdAt }) => createdAt >= to)).toBe(true);
  });
});
