import { expect } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { ClientOrderId, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, eventually, sideBySide } from '@scalpstorm/testkit';
import { violationsOf } from './consistency.js';
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
  const beside = sideBySide();
  /** Each case waits until the venue has caught up: they wait side by side, each in a world of its own. */
  const behind = (sentence: string, work: (world: ExecutionWorld, seen: ReturnType<typeof seenIn>) => Promise<void>) =>
    beside(sentence, async () => {
      const nats = testNats();
      if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
      const world = await ExecutionWorld.open({ nats, postgresUrl }, settings);
      const running = world.start();
      try {
        await running.serving;
        const seen = seenIn(world);
        // A venue that shows none of our orders has forgotten all: this one it shows.
        const first = resting('seen1');
        await world.approve(first);
        await seen.becomes(first, 'accepted');
        await world.lieBehind(behindMs);
        await seen.shown(first);
        await work(world, seen);
      } finally {
        await running.kill();
        await world.close();
      }
    });

  behind(
    'ends no order that lives, however often it is not found at first',
    async (world, { becomes, shown, statusOf }) => {
      const order = resting('lives1');
      await world.approve(order);
      await becomes(order, 'accepted');
      expect(await world.shows(order)).toBe(false);
      await shown(order);
      expect(await statusOf(order)).toBe('accepted');
      await world.cancel(order);
      await becomes(order, 'canceled');
      await world.clearFaults();
      expect((await world.facts([order.clientOrderId])).flatMap(violationsOf)).toEqual([]);
    },
  );

  behind(
    'doubles no order whose answer was lost, though it is not found long after its request has expired',
    async (world, { becomes, shown }) => {
      await world.silenceStream();
      await world.fault({ delayMs: 0, dropAnswer: true, count: 1 });
      const order = resting('doubt1');
      await world.approve(order);
      await becomes(order, 'unknown');
      await shown(order);
      await becomes(order, 'accepted');
      await world.clearFaults();
      const facts = await world.facts([order.clientOrderId]);
      expect(facts.flatMap(violationsOf)).toEqual([]);
      expect(facts.flatMap(({ ours }) => ours?.events.filter((kind) => kind === 'sending'))).toHaveLength(1);
    },
  );
});

/** What our books and the venue's copy say of an order. */
function seenIn(world: ExecutionWorld) {
  const statusOf = async ({ clientOrderId }: OrderRequest) => {
    const [row] = await world.sql<{ status: string }[]>`
      select status from orders where client_order_id = ${clientOrderId}`;
    return row?.status;
  };
  const becomes = (order: OrderRequest, status: string) =>
    eventually(async () => expect(await statusOf(order)).toBe(status), { timeoutMs: 60_000 });
  const shown = (order: OrderRequest) =>
    eventually(async () => expect(await world.shows(order)).toBe(true), { everyMs: 100, timeoutMs: 60_000 });
  return { statusOf, becomes, shown };
}
