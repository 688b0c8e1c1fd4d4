import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { ClientOrderId, Quantity } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import type { ExecutionProcess } from './execution-process.js';
import { ExecutionWorld, instrumentId } from './execution-world.js';

const market = { instrumentId, type: 'market', price: null, timeInForce: 'IOC' } as const;
const order = (id: string) =>
  anOrderRequest({ ...market, clientOrderId: ClientOrderId.of(id), quantity: Quantity.of('0.001') });

describeWithServers('a real execution process whose venue is away', ({ postgresUrl }) => {
  let world: ExecutionWorld;
  let running: ExecutionProcess;

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await ExecutionWorld.open({ nats, postgresUrl }, { ORDER_REQUEST_LIFE_MS: '10000' });
  });

  afterAll(async () => {
    await running?.kill();
    await world?.close();
  });

  const health = async () => {
    const url = await running.serving;
    const [live, ready] = await Promise.all([fetch(`${url}/health/live`), fetch(`${url}/health/ready`)]);
    const { checks } = (await ready.json()) as { checks: Record<string, { status: string; error?: string }> };
    return { live: live.status, ready: ready.status, checks };
  };

  it('is live and says why it is not ready', async () => {
    running = world.start(['away']);
    await eventually(async () => {
      const { live, ready, checks } = await health();
      expect({ live, ready }).toEqual({ live: 200, ready: 503 });
      expect(checks['reconciled']?.error).toMatch(/account away is recovering: sim: /);
    });
    expect(await running.stop()).toBe(0);
  });

  it('trades on the account whose venue is there, and tells of the other', async () => {
    running = world.start(['demo', 'away']);
    await eventually(async () => {
      const { ready, checks } = await health();
      expect([ready, checks['account:demo']?.status]).toEqual([200, 'up']);
      expect(checks['account:away']).toMatchObject({ status: 'down', error: expect.stringContaining('recovering') });
    });
    await world.approve(order('near1'));
    await eventually(async () => {
      const [facts] = await world.facts([ClientOrderId.of('near1')]);
      expect(facts?.ours?.status).toBe('filled');
    });
  });

  it('remembers a cancel that came before its order over a kill, and never sends the order', async () => {
    await running.serving;
    const early = order('early1');
    await world.cancel(early);
    await eventually(async () => expect(await world.sql`select 1 from early_cancels`).toHaveLength(1));
    await running.kill();
    running = world.start(['demo']);
    await world.approve(early);
    await eventually(
      async () => {
        const [facts] = await world.facts([early.clientOrderId]);
        expect(facts?.ours).toMatchObject({ status: 'canceled', reasonCode: 'CANCELED_BEFORE_SENT' });
        expect(facts?.venueOrders).toEqual([]);
      },
      { timeoutMs: 60_000 },
    );
  });
});
