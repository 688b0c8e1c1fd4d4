import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { answering, type NatsBus, newMeta } from '@scalpstorm/bus';
import { testNats } from '@scalpstorm/bus/testing';
import {
  feedStatusChanged,
  instrumentsQuestion,
  type OrderPlan,
  type OrderPlanRequest,
  type OrderRequested,
  orderPlanQuestion,
  quoteChanged,
} from '@scalpstorm/contracts';
import { PlanId, type PlanTerms, Price, Quantity, UserId } from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { anInstrument, describeWithServers, eventually } from '@scalpstorm/testkit';
import { violationsOf } from './consistency.js';
import type { ExecutionProcess } from './execution-process.js';
import { accountId, ExecutionWorld, instrumentId } from './execution-world.js';

const clock = new SystemClock();
const quantity = Quantity.of('0.001');
const userId = UserId.of('usr_1');
const planId = PlanId.of('plan_000000000001');
const settings = { ORDER_REQUEST_LIFE_MS: '5000', VENUE_READ_LAG_MS: '250', RECONCILE_EVERY_MS: '1000' };
/** The venue trades around 60,000. The target looks at a middle that only this spec tells, and is far above. */
const terms: PlanTerms = {
  kind: 'bracket',
  side: 'buy',
  quantity,
  entry: { type: 'market', price: null, timeInForce: 'IOC', trigger: null },
  stop: { trigger: { kind: 'stop', price: Price.of('54000'), source: 'last' }, price: null },
  target: { price: Price.of('70000'), source: 'mid', type: 'market' },
};

describeWithServers('a bracket at a real exchange, whatever dies', ({ postgresUrl }) => {
  let world: ExecutionWorld;
  let market: NatsBus;
  let gateway: NatsBus;
  let running: ExecutionProcess;
  let asked: readonly OrderRequested[];

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await ExecutionWorld.open({ nats, postgresUrl }, settings);
    [market, gateway, asked] = await Promise.all([
      world.connectMarketData(),
      world.connectGateway(),
      world.approveAll(),
    ]);
    const known = { instruments: [anInstrument({ id: instrumentId })], lastPrices: [] };
    await market.receiver.receive({
      hears: [],
      listens: [],
      answers: [answering(instrumentsQuestion, async () => known)],
    });
    running = world.start();
    await running.serving;
  });

  afterAll(async () => {
    await running?.kill();
    await Promise.all([market?.close(), gateway?.close()]);
    await world?.close();
  });

  async function restart(): Promise<void> {
    await running.kill();
    running = world.start();
    await running.serving;
  }

  async function ask(request: OrderPlanRequest): Promise<OrderPlan> {
    const answer = await gateway.bus.ask(orderPlanQuestion, request);
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusals));
    const [plan] = answer.value;
    if (plan === undefined) throw new Error('no plan');
    return plan;
  }
  const look = () => ask({ kind: 'get', userId, planId });
  const becomes = (holds: (plan: OrderPlan) => void, middle = '60000') =>
    eventually(
      async () => {
        tell(middle);
        holds(await look());
      },
      { everyMs: 100, timeoutMs: 60_000 },
    );

  /** The market as market-data tells it, once. */
  function tell(middle: string): void {
    const status = { instrumentId, state: 'live' as const, detail: '', lastEventAt: clock.now() };
    market.bus.publish(feedStatusChanged, { meta: newMeta(clock, null), status });
    const price = Price.of(middle);
    const sizes = { bidPrice: price, askPrice: price, bidQuantity: quantity, askQuantity: quantity };
    const quote = { instrumentId, ...sizes, sequence: 1, occurredAt: clock.now() };
    market.bus.publish(quoteChanged, { meta: newMeta(clock, null), quote });
  }

  it('keeps its stop at the venue and leaves by its target, and nothing is sent twice', async () => {
    await eventually(() => ask({ kind: 'create', userId, planId, accountId, instrumentId, terms }), {
      timeoutMs: 30_000,
    });
    await restart();
    const isProtected = ({ status, orders }: OrderPlan) => {
      expect(status).toBe('protecting');
      expect(orders.find(({ leg }) => leg === 'stop')?.state).toBe('working');
    };
    await becomes(isProtected);
    const [stop] = asked.filter(({ order }) => order.trigger !== undefined);
    if (stop === undefined) throw new Error('no stop was asked for');
    expect(await world.lookup(stop.order)).toMatchObject({ status: 'open', side: 'sell', triggered: false });
    await restart();
    await becomes(isProtected);
    // From the moment on when the stop gives way.
    await becomes(({ orders }) => expect(orders.find(({ leg }) => leg === 'stop')?.state).toBe('ended'), '70001');
    await restart();
    await becomes(({ status }) => expect(status).toBe('done'), '70001');
    const { orders } = await look();
    expect(orders.map(({ leg }) => leg)).toEqual(['entry', 'stop', 'target']);
    const ids = orders.map(({ clientOrderId }) => clientOrderId);
    expect((await world.facts(ids)).flatMap(violationsOf)).toEqual([]);
    expect(await world.lookup(stop.order)).toMatchObject({ status: 'canceled' });
  });
});
