import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import type { OrderChanged } from '@scalpstorm/contracts';
import { type CancelReason, ClientOrderId, type OrderRequest, Price, Quantity, UserId } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import type { ExecutionProcess } from './execution-process.js';
import { ExecutionWorld, instrumentId } from './execution-world.js';

const resting = (id: string): OrderRequest =>
  anOrderRequest({
    clientOrderId: ClientOrderId.of(id),
    instrumentId,
    price: Price.of('54000'),
    quantity: Quantity.of('0.001'),
  });
/** What is told live is told by the user stream, not found in a comparison. */
const settings = { RECONCILE_EVERY_MS: '600000', RECONCILE_ORDERS_EVERY_MS: '600000' };
const patience = { timeoutMs: 60_000 };

/** A bot stops itself when somebody else canceled its order, and must never when we did: strategy tells them apart by `cancelReason`. */
describeWithServers('an order that was canceled at the venue', ({ postgresUrl }) => {
  let world: ExecutionWorld;
  let running: ExecutionProcess;
  let heard: readonly OrderChanged[];

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await ExecutionWorld.open({ nats, postgresUrl }, settings);
    heard = await world.heard();
    running = world.start();
    await running.serving;
  });

  afterAll(async () => {
    await running?.kill();
    await world?.close();
  });

  const eventsOf = ({ clientOrderId }: OrderRequest) =>
    heard.filter(({ order }) => order.request.clientOrderId === clientOrderId);
  const reaches = (order: OrderRequest, status: string) =>
    eventually(() => expect(eventsOf(order).at(-1)?.order.status).toBe(status), patience);
  const isToldAs = async (order: OrderRequest, cancelReason: CancelReason | null) => {
    await reaches(order, 'canceled');
    expect(eventsOf(order).at(-1)?.order).toMatchObject({ cancelReason, reason: { code: 'VENUE_CANCELED' } });
    const asked = eventsOf(order).filter((event) => event.order.cancelReason !== null);
    expect(asked.map((event) => event.order.cancelReason)).toEqual(asked.map(() => cancelReason));
  };
  const rest = async (order: OrderRequest): Promise<OrderRequest> => {
    await world.approve(order);
    await reaches(order, 'accepted');
    return order;
  };

  it('by hand, is told without a reason of ours', async () => {
    const order = await rest(resting('hand1'));
    await world.cancelByHand(order);
    await isToldAs(order, null);
  });

  it('because we asked for it, is told with our reason', async () => {
    const order = await rest(resting('asked1'));
    await world.cancel(order);
    await isToldAs(order, 'stop');
  });

  it('while execution was dead, is told by whom: by hand, or because we had asked before', async () => {
    const byHand = await rest(resting('hand2'));
    const asked = await rest(resting('asked2'));
    await world.silenceStream();
    const answersToLose = await world.loseCancelAnswer();
    await world.cancel(asked);
    await eventually(async () => expect(await answersToLose()).toBe(0), patience);
    await running.kill();
    await world.cancelByHand(byHand);
    await world.clearFaults();
    running = world.start();
    await isToldAs(byHand, null);
    await isToldAs(asked, 'stop');
  });

  it('because one that led before has kept a halt that nobody else was told, is told with the halt as the reason', async () => {
    const order = await rest({ ...resting('halted1'), userId: UserId.of('usr_halted') });
    const since = Date.now() * 1_000;
    await world.sql`insert into trading_halts (user_id, halted, text, since_us, level)
      values (${order.userId}, true, 'all out', ${since}, 'cancel')`;
    await isToldAs(order, 'halt');
  });
});
