import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type NatsBus, newMeta } from '@scalpstorm/bus';
import { testNats } from '@scalpstorm/bus/testing';
import { feedStatusChanged, quoteChanged } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId, type OrderRequest, Price, Quantity, type Trigger } from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import { violationsOf } from './consistency.js';
import type { ExecutionProcess } from './execution-process.js';
import { ExecutionWorld, instrumentId } from './execution-world.js';

const clock = new SystemClock();
const quantity = Quantity.of('0.001');
const settings = { ORDER_REQUEST_LIFE_MS: '5000', VENUE_READ_LAG_MS: '250', RECONCILE_EVERY_MS: '1000' };
/** Only market-data says so here: the venue trades around 60,000. */
const stop: Trigger = { kind: 'stop', price: Price.of('100'), source: 'mid' };
const trailing: Trigger = { kind: 'trailing', distanceBps: 100, activation: null, source: 'mid' };
const sell = (id: string, trigger: Trigger, changes: Partial<OrderRequest> = {}): OrderRequest =>
  anOrderRequest({
    clientOrderId: ClientOrderId.of(id),
    instrumentId,
    type: 'market',
    price: null,
    timeInForce: 'IOC',
    side: 'sell',
    purpose: 'close',
    quantity,
    trigger,
    ...changes,
  });

describeWithServers('an emulated order, whatever dies', ({ postgresUrl }) => {
  let world: ExecutionWorld;
  let market: NatsBus;
  let running: ExecutionProcess;

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await ExecutionWorld.open({ nats, postgresUrl }, settings);
    market = await world.connectMarketData();
    running = world.start();
    await running.serving;
    // A close of more than its bot holds is refused.
    const bought = { side: 'buy', purpose: 'open', trigger: undefined, quantity: Quantity.of('0.02') } as const;
    await world.hold(sell('held', stop, bought));
  });

  afterAll(async () => {
    await running?.kill();
    await market?.close();
    await world?.close();
  });

  async function restart(): Promise<void> {
    await running.kill();
    running = world.start();
    await running.serving;
  }

  /** The market as market-data tells it, once. */
  function tell(middle: string): void {
    const state = 'live' as const;
    const status = { instrumentId, state, detail: '', lastEventAt: clock.now() };
    market.bus.publish(feedStatusChanged, { meta: newMeta(clock, null), status });
    const price = Price.of(middle);
    const sizes = { bidPrice: price, askPrice: price, bidQuantity: quantity, askQuantity: quantity };
    const quote = { instrumentId, ...sizes, sequence: 1, occurredAt: clock.now() };
    market.bus.publish(quoteChanged, { meta: newMeta(clock, null), quote });
  }

  const rowOf = async ({ clientOrderId }: OrderRequest) => {
    const [row] = await world.sql`
      select status, reason_code, cancel_reason from orders where client_order_id = ${clientOrderId}`;
    return row;
  };
  /** Says the market until it has led to this. */
  const becomes = (order: OrderRequest, status: string, middle: string) =>
    eventually(
      async () => {
        tell(middle);
        expect((await rowOf(order))?.['status']).toBe(status);
      },
      { everyMs: 100, timeoutMs: 60_000 },
    );
  const violations = async (order: OrderRequest) =>
    eventually(async () => expect((await world.facts([order.clientOrderId])).flatMap(violationsOf)).toEqual([]), {
      timeoutMs: 30_000,
    });

  // One death for all three: most of what this costs is processes that start.
  it('waits through a death: a stop, one that follows the price, and one that is canceled meanwhile', async () => {
    const [waits, follows, canceled] = [sell('emu1', stop), sell('emu5', trailing), sell('emu6', stop)];
    for (const order of [waits, follows, canceled]) {
      await world.approve(order);
      await becomes(order, 'emulated', '110');
    }
    const followed = () => world.sql`select price::text from followed_prices where client_order_id = 'emu5'`;
    await eventually(async () => {
      tell('200');
      expect(await followed()).toEqual([{ price: '200' }]);
    });
    await running.kill();
    await world.cancel(canceled);
    running = world.start();
    await running.serving;
    // One per cent below 200, and far above where the process began: it goes on from the best price that it had followed.
    await becomes(follows, 'filled', '198');
    await eventually(async () => expect(await followed()).toEqual([]));
    await becomes(canceled, 'canceled', '110');
    expect(await rowOf(canceled)).toMatchObject({ reason_code: 'CANCELED_BEFORE_TRIGGER', cancel_reason: 'stop' });
    await becomes(waits, 'emulated', '110');
    expect(await world.lookup(waits)).toBe('not-found');
    // Goes off when its price is told, and leaves once; what was canceled does not leave with it.
    await becomes(waits, 'filled', '99');
    expect(await world.lookup(canceled)).toBe('not-found');
    await violations(follows);
    await violations(waits);
    const kinds = await world.sql`select kind from order_events where client_order_id = 'emu1' order by version`;
    expect(kinds.slice(0, 4).map(({ kind }) => kind)).toEqual(['emulated', 'released', 'sending', 'accepted']);
  });

  it('whose release is committed when it dies is looked up, or sent again under its own id', async () => {
    for (const [id, fault] of [
      ['emu2', { delayMs: 600, dropAnswer: false, count: 1 }],
      ['emu3', { delayMs: 0, dropAnswer: true, count: 1 }],
      ['emu4', { delayMs: 5_700, dropAnswer: false, count: 1 }],
    ] as const) {
      const order = sell(id, stop);
      await world.approve(order);
      await becomes(order, 'emulated', '110');
      await world.fault(fault);
      await eventually(
        async () => {
          tell('99');
          expect(await world.requestsAwaited()).toBe(0);
        },
        { everyMs: 50, timeoutMs: 60_000 },
      );
      await restart();
      await becomes(order, 'filled', '110');
      await violations(order);
    }
  });

  /** Rests at the venue when the process dies. A loaded machine may need longer than an expiry lasts: then the next one lasts longer. */
  async function dieWhileItRests(): Promise<OrderRequest> {
    for (const seconds of [8, 16, 32, 64]) {
      const order = sell(`gtd${seconds}`, stop, {
        type: 'limit',
        price: Price.of('70000'),
        timeInForce: 'GTD',
        expiresAt: Timestamp.plus(clock.now(), seconds * second),
        trigger: undefined,
      });
      await world.approve(order);
      await eventually(async () => expect(['accepted', 'expired']).toContain((await rowOf(order))?.['status']), {
        everyMs: 50,
        timeoutMs: 60_000,
      });
      await running.kill();
      const row = await rowOf(order);
      if (row?.['status'] === 'accepted' && row?.['cancel_reason'] === null) return order;
      running = world.start();
      await running.serving;
    }
    throw new Error('an order needs more than a minute to the venue');
  }

  it('with an expiry that came while nobody ran is canceled at the venue, and has expired', async () => {
    const order = await dieWhileItRests();
    expect(await world.lookup(order)).toMatchObject({ status: 'open' });
    await eventually(() => expect(clock.now()).toBeGreaterThan(order.expiresAt ?? clock.now()), { timeoutMs: 90_000 });
    running = world.start();
    await running.serving;
    await becomes(order, 'expired', '110');
    expect(await rowOf(order)).toMatchObject({ reason_code: 'GTD_EXPIRED', cancel_reason: 'expiry' });
    expect(await world.lookup(order)).toMatchObject({ status: 'canceled' });
  }, 300_000);
});
