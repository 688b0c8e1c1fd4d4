import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import type { OrderChanged } from '@scalpstorm/contracts';
import { ClientOrderId, isFinal, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import { CounterTrader } from './counter-trader.js';
import type { ExecutionProcess } from './execution-process.js';
import { ExecutionWorld, instrumentId } from './execution-world.js';

/** Nobody trades there but who is told to: how fast anything is heard decides nothing. */
const stillMarket = ['--file', fileURLToPath(new URL('./still-market.ws', import.meta.url))];
/** Inside the spread of the still market and below every offer before it, so that whoever pays it buys from this order alone. */
const priceOf = (index: number): Price => Price.fromUnits(Price.of('60009') - BigInt(index) * Price.of('0.01'));
/** What is told live is told by the stream and by answers, not found in a comparison. */
const settings = { RECONCILE_EVERY_MS: '600000', RECONCILE_ORDERS_EVERY_MS: '600000', VENUE_READ_LAG_MS: '30000' };
const patience = { timeoutMs: 90_000 };
const [quantity, taken] = [Quantity.of('0.01'), Quantity.of('0.004')];
/** Of each way to cancel, so many ends must have come before their fills. */
const heldWanted = 3;
/** Longer than a machine needs to cancel what was just sold, so that the fill is still on its way; the slower one is, the longer. */
const holdsMs = [3_000, 10_000, 30_000, 30_000];
const ordersInHold = 20;
const ordersMax = holdsMs.length * ordersInHold;
const heldTriesMax = 5;
/** Less than is reckoned with, and longer than a process needs to die. */
const behindMs = 20_000;

const offer = (index: number): OrderRequest =>
  anOrderRequest({
    clientOrderId: ClientOrderId.of(`race${index}`),
    instrumentId,
    side: 'sell',
    quantity,
    price: priceOf(index),
  });
const isByHand = (index: number): boolean => index % 2 === 1;

/** A bot that hears of a cancel without the fill before it sells a second time what it has sold. */
describeWithServers('a real exchange that tells cancels before fills, everything twice', ({ postgresUrl }) => {
  let world: ExecutionWorld;
  let running: ExecutionProcess;
  let heard: readonly OrderChanged[];

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await ExecutionWorld.open({ nats, postgresUrl }, settings, stillMarket);
    heard = await world.heard();
    running = world.start();
    await running.serving;
  });

  afterAll(async () => {
    await running?.kill();
    await world?.close();
  });

  const told = ({ clientOrderId }: OrderRequest) =>
    heard.filter(({ order }) => order.request.clientOrderId === clientOrderId);
  const wasHeld = (order: OrderRequest) => told(order).some(({ event }) => event.kind === 'end-held');

  /** Partly sold, then canceled; the next one does not wait for what becomes of it. */
  const sellAndCancel = async (
    trader: CounterTrader,
    index: number,
    meanwhile: () => Promise<void> = async () => undefined,
  ) => {
    const order = offer(index);
    await world.approve(order);
    await eventually(() => expect(told(order).at(-1)?.order.venueOrderId).toBeTruthy(), { ...patience, everyMs: 5 });
    await trader.take(taken, priceOf(index));
    await meanwhile();
    await (isByHand(index) ? world.cancelByHand(order) : world.cancel(order));
    return order;
  };

  /** The first that was not over already when its fill was found: a machine that stands still may find it before anything else happens. */
  const heldOrder = async (trader: CounterTrader): Promise<OrderRequest> => {
    for (let index = ordersMax; index < ordersMax + 2 * heldTriesMax; index += 2) {
      await world.clearFaults();
      // Nobody tells of the fill: not the stream, and not a copy of the books that lies behind.
      await world.silenceStream();
      const order = await sellAndCancel(trader, index, () => world.lieBehind(behindMs));
      const last = () => told(order).at(-1)?.order;
      const isHeld = () => last()?.reason?.code === 'FILLS_AWAITED';
      await eventually(() => expect(isHeld() || isFinal(last()?.status ?? 'sending')).toBe(true), patience);
      if (isHeld()) return order;
    }
    throw new Error('every fill was found before its order was canceled');
  };

  it('never sees an order end with less than the venue counts as filled', async () => {
    const trader = new CounterTrader(world);
    const orders: OrderRequest[] = [];
    const held = (byHand: boolean) =>
      orders.filter((order, index) => isByHand(index) === byHand && wasHeld(order)).length;
    const isEnough = () => Math.min(held(true), held(false)) >= heldWanted;
    const haveEnded = async () => {
      for (const order of orders)
        await eventually(() => expect(isFinal(told(order).at(-1)?.order.status ?? 'sending')).toBe(true), patience);
    };
    for (const holdMs of holdsMs) {
      await world.clearFaults();
      await world.shuffleStream(holdMs);
      for (let placed = 0; placed < ordersInHold && !isEnough(); placed += 1)
        orders.push(await sellAndCancel(trader, orders.length));
      // What was held is told by then, however slowly it is heard here.
      await haveEnded();
      if (isEnough()) break;
    }
    expect([held(true), held(false)].every((count) => count >= heldWanted)).toBe(true);
    for (const [index, order] of orders.entries()) {
      const venue = await world.lookup(order);
      const cancelReason = isByHand(index) ? null : 'stop';
      const ends = told(order).filter((event) => isFinal(event.order.status));
      expect(venue).toMatchObject({ status: 'canceled', filledQuantity: taken });
      expect(ends.map((event) => event.order)).toMatchObject([
        { status: 'canceled', filledQuantity: taken, cancelReason },
      ]);
    }
  });

  it('ends an order whose end was held back by a process that is dead', async () => {
    const order = await heldOrder(new CounterTrader(world));
    await running.kill();
    await world.clearFaults();
    running = world.start();
    await eventually(() => expect(isFinal(told(order).at(-1)?.order.status ?? 'sending')).toBe(true), patience);
    expect(told(order).at(-1)?.order).toMatchObject({
      status: 'canceled',
      filledQuantity: taken,
      cancelReason: 'stop',
    });
    expect(told(order).filter((event) => isFinal(event.order.status) && event.order.filledQuantity < taken)).toEqual(
      [],
    );
  });
});
