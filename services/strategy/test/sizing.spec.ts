import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { type BotId, ClientOrderId, type Leg, Money, Quantity } from '@scalpstorm/model';
import { aBalance, aFill, describeWithServers, eventually } from '@scalpstorm/testkit';
import { configOf, StrategyWorld, withParameters } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const id = (botId: BotId, leg: Leg, cycle = 0) => ClientOrderId.forSlot({ botId, cycle, leg, attempt: 0 });
const filledAt = aFill().occurredAt;
const tenth = configOf(withParameters({ quantity: '1', sizing: { equityPercent: '10' } }));

describeWithServers('a bot that sizes its entries by what its account holds', (servers) => {
  let world: StrategyWorld;
  let venue: VenueOrders;

  beforeEach(async () => {
    world = await StrategyWorld.open(servers);
    venue = new VenueOrders((order, event) => world.others.tell(order, event));
    await world.startService();
  });

  afterEach(async () => {
    await world?.close();
  });

  const holds = (free: string, asOf: Timestamp): void => {
    world.others.balances = [aBalance({ free: Money.of(free, 'USDT') })];
    world.others.balancesAsOf = asOf;
  };
  const sizes = (order: ClientOrderId) => {
    const asked = world.others.requests.filter(({ order: { clientOrderId } }) => clientOrderId === order);
    return [...new Set(asked.map(({ order: { quantity } }) => Quantity.format(quantity)))];
  };

  it('waits until the balance is known, says so, and orders then with the reason of its size', async () => {
    const { id: botId } = await world.started(tenth);
    await eventually(async () =>
      expect((await world.seen(botId))?.reason).toMatchObject({
        code: 'WAITS_SIZING_NEEDS_BALANCE',
        text: expect.stringContaining('see whether execution runs'),
      }),
    );
    expect(world.others.requests).toEqual([]);
    holds('10000', filledAt);
    await world.others.requested(id(botId, 'entry'));
    expect(sizes(id(botId, 'entry'))).toEqual(['0.02']);
    await eventually(async () => {
      const asked = (await world.activities()).find(({ code }) => code === 'ORDER_ASKED');
      expect(asked?.text).toContain('Size: 10 % of 10000 USDT.');
      expect((await world.seen(botId))?.reason.code).toBe('PRICE_KNOWN');
    });
  });

  it('sizes the next entry by what the venue has said since its last fill', async () => {
    holds('10000', Timestamp.plus(filledAt, -1));
    const { id: botId } = await world.started(tenth);
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await venue.fill(entry);
    const exit = await world.others.requested(id(botId, 'exit'));
    await venue.accept(exit);
    // What was known from before the fills does not count any more, also where nobody has asked again yet.
    holds('20000', filledAt);
    await venue.fill(exit);
    await world.others.requested(id(botId, 'entry', 1));
    expect(sizes(id(botId, 'entry', 1))).toEqual(['0.04']);
  });

  it('asks for the same size under the same id after a restart, whatever the account holds by then', async () => {
    holds('10000', filledAt);
    const { id: botId } = await world.started(tenth);
    const entry = await world.others.requested(id(botId, 'entry'));
    await eventually(async () => {
      const [row] = await world.sql`select state from bots where id = ${botId}`;
      expect(JSON.stringify(row?.['state'])).toContain(entry.clientOrderId);
    });
    holds('50000', filledAt);
    await world.restartService();
    await eventually(() => {
      const asks = world.others.requests.filter(({ order }) => order.clientOrderId === entry.clientOrderId);
      expect(new Set(asks.map(({ ask }) => ask)).size).toBeGreaterThan(1);
    });
    expect(sizes(entry.clientOrderId)).toEqual(['0.02']);
  });
});
