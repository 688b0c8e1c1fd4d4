import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { answering } from '@scalpstorm/bus';
import { testNats } from '@scalpstorm/bus/testing';
import { instrumentsQuestion, type ReconciliationRequest, reconciliationQuestion } from '@scalpstorm/contracts';
import { ClientOrderId, Price, UserId } from '@scalpstorm/model';
import { anInstrument, anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import type { ExecutionProcess } from './execution-process.js';
import { accountId, ExecutionWorld, instrumentId } from './execution-world.js';

const patient = { timeoutMs: 90_000, everyMs: 100 };
const userId = UserId.of('usr_00000001');
const byHand = anOrderRequest({
  clientOrderId: ClientOrderId.of('byhand1'),
  instrumentId,
  price: Price.of('20000'),
  purpose: 'open',
});

describeWithServers('an order that somebody places at a real exchange, past a real process', (servers) => {
  let world: ExecutionWorld;
  let process: ExecutionProcess;
  let operationsUrl: string;
  let gateway: Awaited<ReturnType<ExecutionWorld['connectGateway']>>;

  let market: typeof gateway;

  beforeAll(async () => {
    const often = { RECONCILE_EVERY_MS: '1000', RECONCILE_ORDERS_EVERY_MS: '1000', VENUE_READ_LAG_MS: '100' };
    const settings = { ...often, REDIS_URL: servers.redisUrl };
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await ExecutionWorld.open({ nats, postgresUrl: servers.postgresUrl }, settings);
    process = world.start();
    operationsUrl = await process.serving;
    gateway = await world.connectGateway();
    market = await world.connectMarketData();
    const instruments = [anInstrument({ id: instrumentId })];
    const listing = answering(instrumentsQuestion, async () => ({ instruments, lastPrices: [] }));
    await market.receiver.receive({ hears: [], listens: [], answers: [listing] });
  });
  afterAll(async () => {
    await process.stop();
    await gateway.close();
    await market.close();
    await world.close();
  });

  type Asked = ReconciliationRequest extends infer R
    ? R extends ReconciliationRequest
      ? Omit<R, 'userId' | 'accountIds'>
      : never
    : never;
  const ask = async (request: Asked) => {
    const whole = { ...request, userId, accountIds: [accountId] } as ReconciliationRequest;
    const answer = await gateway.bus.ask(reconciliationQuestion, whole, 30_000);
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusals));
    return answer.value;
  };
  const listed = async () => (await ask({ kind: 'external-orders', before: null, limit: 10 })).externalOrders[0];

  it('is listed, adopted by a person, canceled like ours, and every step is there to read', async () => {
    await eventually(
      async () =>
        expect((await ask({ kind: 'states' })).states).toMatchObject([{ kind: 'trading', circuit: 'closed' }]),
      patient,
    );
    expect((await ask({ kind: 'compare' })).differences).toEqual([]);
    await world.placeByHand(byHand);
    expect((await ask({ kind: 'compare' })).differences).toMatchObject([
      { subject: expect.stringContaining('byhand1'), ours: 'unknown', repaired: false },
    ]);
    const external = await eventually(async () => {
      const order = await listed();
      expect(order).toMatchObject({ clientOrderId: 'byhand1', working: true, decision: null });
      return order;
    }, patient);
    const decided = await ask({ kind: 'decide', externalOrderId: external?.id ?? 0n, decision: 'adopt' });
    expect(decided.externalOrders).toMatchObject([{ decision: { kind: 'adopt', by: userId } }]);
    const [row] = await world.sql<{ client_order_id: string; status: string; bot_id: string | null }[]>`
      select client_order_id, status, bot_id from orders`;
    expect(row).toMatchObject({ status: 'accepted', bot_id: null });
    const adopted = { ...byHand, clientOrderId: ClientOrderId.of(row?.client_order_id ?? '') };
    await eventually(async () => expect(await listed()).toMatchObject({ working: false }), patient);
    expect((await ask({ kind: 'compare' })).differences).toEqual([]);
    await world.cancel(adopted);
    await eventually(async () => {
      const orders = await world.sql`select status, cancel_reason from orders`;
      expect(orders).toMatchObject([{ status: 'canceled', cancel_reason: 'stop' }]);
    }, patient);
    expect(await world.lookup(byHand)).toMatchObject({ status: 'canceled' });
    expect((await ask({ kind: 'differences', before: null, limit: 10 })).history).toContainEqual(
      expect.objectContaining({ difference: expect.objectContaining({ subject: expect.stringContaining('byhand1') }) }),
    );
  });

  it('asks the venue with what the shared ledger has lent it', async () => {
    await eventually(async () => {
      const metrics = await (await fetch(new URL('/metrics', operationsUrl))).text();
      expect(metrics).toMatch(/scalpstorm_rate_ledger_up\{[^}]*\} 1/);
      expect(metrics).toMatch(/scalpstorm_rate_ledger_exchanges_total\{[^}]*result="lent"[^}]*\} [1-9]/);
      expect(metrics).toMatch(/scalpstorm_venue_circuit\{[^}]*venue="sim"[^}]*\} 0/);
    }, patient);
  });
});
