import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { ClientOrderId, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import { violationsOf } from './consistency.js';
import type { ExecutionProcess } from './execution-process.js';
import { ExecutionWorld, instrumentId } from './execution-world.js';

/**
 * Longer than two comparisons and than the life of a request, much shorter than the lag that is reckoned with: on a machine that is
 * loaded the venue lies behind still more. A request lives so long that a process which gets no turn for a while sends it all the same.
 */
const behindMs = 7_000;
const settings = { ORDER_REQUEST_LIFE_MS: '4000', VENUE_READ_LAG_MS: '30000', RECONCILE_EVERY_MS: '1000' };

const resting = (id: string): OrderRequest =>
  anOrderRequest({
    clientOrderId: ClientOrderId.of(id),
    instrumentId,
    price: Price.of('54000'),
    quantity: Quantity.of('0.001'),
    // What closes is the one that would be sent again.
    purpose: 'close',
  });

describeWithServers('a real execution process whose venue answers from a copy that lies behind', ({ postgresUrl }) => {
  let world: ExecutionWorld;
  let running: ExecutionProcess;

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await ExecutionWorld.open({ nats, postgresUrl }, settings);
    running = world.start();
    await running.serving;
    // A venue that shows none of our orders has forgotten all: this one it shows.
    const seen = resting('seen1');
    await world.approve(seen);
    await eventually(async () => expect(await statusOf(seen)).toBe('accepted'), { timeoutMs: 60_000 });
    await world.lieBehind(behindMs);
    await shown(seen);
    await world.clearFaults();
  });

  afterAll(async () => {
    await running?.kill();
    await world?.close();
  });

  const statusOf = async ({ clientOrderId }: OrderRequest) => {
    const [row] = await world.sql<{ status: string }[]>`
      select status from orders where client_order_id = ${clientOrderId}`;
    return row?.status;
  };
  const shown = (order: OrderRequest) =>
    eventually(async () => expect(await world.shows(order)).toBe(true), { everyMs: 100, timeoutMs: 60_000 });

  it('ends no order that lives, however often it is not found at first', async () => {
    await world.lieBehind(behindMs);
    const order = resting('lives1');
    await world.approve(order);
    await eventually(async () => expect(await statusOf(order)).toBe('accepted'), { timeoutMs: 60_000 });
    expect(await world.shows(order)).toBe(false);
    await shown(order);
    expect(await statusOf(order)).toBe('accepted');
    await world.cancel(order);
    await eventually(async () => expect(await statusOf(order)).toBe('canceled'), { timeoutMs: 60_000 });
    await world.clearFaults();
    expect((await world.facts([order.clientOrderId])).flatMap(violationsOf)).toEqual([]);
  });

  it('doubles no order whose answer was lost, though it is not found long after its request has expired', async () => {
    await world.lieBehind(behindMs);
    await world.silenceStream();
    await world.fault({ delayMs: 0, dropAnswer: true, count: 1 });
    const order = resting('doubt1');
    await world.approve(order);
    await eventually(async () => expect(await statusOf(order)).toBe('unknown'), { timeoutMs: 60_000 });
    await shown(order);
    await eventually(async () => expect(await statusOf(order)).toBe('accepted'), { timeoutMs: 60_000 });
    await world.clearFaults();
    const facts = await world.facts([order.clientOrderId]);
    expect(facts.flatMap(violationsOf)).toEqual([]);
    expect(facts.flatMap(({ ours }) => ours?.events.filter((kind) => kind === 'sending'))).toHaveLength(1);
  });
});
