import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import type { OrderChanged } from '@scalpstorm/contracts';
import { ClientOrderId, Price, Quantity } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import { violationsOf } from './consistency.js';
import type { ExecutionProcess } from './execution-process.js';
import { ExecutionWorld, instrumentId } from './execution-world.js';

const quantity = Quantity.of('0.001');
const buy = anOrderRequest({
  clientOrderId: ClientOrderId.of('buy1'),
  instrumentId,
  type: 'market',
  price: null,
  timeInForce: 'IOC',
  quantity,
});
const resting = anOrderRequest({
  clientOrderId: ClientOrderId.of('rest1'),
  instrumentId,
  price: Price.of('54000'),
  quantity,
});

describeWithServers('an order in a real execution process', ({ postgresUrl }) => {
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

  const told = (id: ClientOrderId) =>
    heard.filter(({ order }) => order.request.clientOrderId === id).map(({ order }) => order.version);

  it('is sent, filled, and told to everybody, one version after the other', async () => {
    await world.approve(buy);
    const last = await eventually(() => {
      const event = heard.findLast(({ order }) => order.request.clientOrderId === buy.clientOrderId);
      expect(event?.order.status).toBe('filled');
      return event;
    });
    const versions = told(buy.clientOrderId);
    expect(versions).toEqual(Array.from({ length: last?.order.version ?? 0 }, (_, index) => index + 1));
    expect(last?.order.filledQuantity).toBe(quantity);
    expect((await world.facts([buy.clientOrderId])).flatMap(violationsOf)).toEqual([]);
  });

  it('is canceled with its reason', async () => {
    await world.approve(resting);
    await eventually(async () =>
      expect((await world.facts([resting.clientOrderId]))[0]?.ours?.status).toBe('accepted'),
    );
    await world.cancel(resting);
    await eventually(async () =>
      expect((await world.facts([resting.clientOrderId]))[0]?.ours?.status).toBe('canceled'),
    );
    const [facts] = await world.facts([resting.clientOrderId]);
    expect(facts?.venueOrders).toEqual(['canceled']);
    await eventually(() => expect(heard.at(-1)?.order).toMatchObject({ status: 'canceled', cancelReason: 'stop' }));
  });

  it('leaves a service that is ready, counts its work, and ends in good order', async () => {
    const url = await running.serving;
    await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/scalpstorm_orders_total\{[^}]*outcome="accepted"[^}]*\} 2/);
    expect(await running.stop()).toBe(0);
    expect(running.log).not.toMatch(/"level":"(error|fatal)"/);
    expect(await world.sql`select expires_at <= now() as free from leases`).toEqual([{ free: true }]);
  });
});
