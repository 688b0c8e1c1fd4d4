import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import type { OrderChanged } from '@scalpstorm/contracts';
import { ClientOrderId, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import { violationsOf } from './consistency.js';
import type { ExecutionProcess } from './execution-process.js';
import { ExecutionWorld, instrumentId } from './execution-world.js';

const quantity = Quantity.of('0.001');
/** The market of the simulated exchange is around 60,000. */
const farBelow = Price.of('54000');
const order = (id: string, changes: Partial<OrderRequest>): OrderRequest =>
  anOrderRequest({
    clientOrderId: ClientOrderId.of(id),
    instrumentId,
    type: 'market',
    price: null,
    side: 'sell',
    quantity,
    ...changes,
  });

describeWithServers('an order that waits at a real venue', ({ postgresUrl }) => {
  let world: ExecutionWorld;
  let running: ExecutionProcess;
  let heard: readonly OrderChanged[];

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await ExecutionWorld.open({ nats, postgresUrl }, {});
    heard = await world.heard();
    running = world.start();
    await running.serving;
  });

  afterAll(async () => {
    await running?.kill();
    await world?.close();
  });

  const newest = ({ clientOrderId }: OrderRequest) =>
    heard.findLast((event) => event.order.request.clientOrderId === clientOrderId)?.order;
  const kindsOf = ({ clientOrderId }: OrderRequest) =>
    heard.filter((event) => event.order.request.clientOrderId === clientOrderId).map(({ event }) => event.kind);
  const is = (wanted: OrderRequest, status: string) =>
    eventually(() => expect(newest(wanted)?.status).toBe(status), { timeoutMs: 60_000 });

  it('is held there, survives the death of execution, and is canceled there', async () => {
    const stop = order('stop1', { trigger: { kind: 'stop', price: farBelow, source: 'last' } });
    await world.approve(stop);
    await is(stop, 'accepted');
    expect(await world.lookup(stop)).toMatchObject({ status: 'open', trigger: stop.trigger, triggered: false });
    await running.kill();
    running = world.start();
    await running.serving;
    const [row] = await world.sql`select status, terms from orders where client_order_id = 'stop1'`;
    expect(row).toEqual({ status: 'accepted', terms: { trigger: { kind: 'stop', price: '54000', source: 'last' } } });
    expect(await world.sql`select terms from standing_orders where client_order_id = 'stop1'`).toHaveLength(1);
    await world.cancel(stop);
    await is(stop, 'canceled');
    expect(newest(stop)).toMatchObject({ cancelReason: 'stop', request: { trigger: stop.trigger } });
  });

  it('goes off, is told so, and fills; its life is booked like any other', async () => {
    const trails = order('trail1', {
      trigger: { kind: 'trailing', distanceBps: 10, activation: null, source: 'last' },
    });
    await world.approve(trails);
    await is(trails, 'filled');
    expect([...new Set(kindsOf(trails))]).toEqual(['sending', 'accepted', 'triggered', 'filled']);
    expect((await world.facts([trails.clientOrderId])).flatMap(violationsOf)).toEqual([]);
  });

  it('that would go off at once is refused by the venue under a code of ours', async () => {
    const late = order('late1', { trigger: { kind: 'take-profit', price: farBelow, source: 'last' } });
    await world.approve(late);
    await is(late, 'rejected');
    expect(newest(late)?.reason).toMatchObject({ code: 'WOULD_TRIGGER' });
  });
});
