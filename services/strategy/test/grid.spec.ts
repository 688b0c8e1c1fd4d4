import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type BotId, ClientOrderId, type Leg, Price } from '@scalpstorm/model';
import { anInstrument, aQuote, describeWithServers, eventually } from '@scalpstorm/testkit';
import { configOf, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const parameters = { lower: '48000', upper: '52000', levels: 5, spacing: 'arithmetic', quantity: '0.01' };
const id = (botId: BotId, cycle: number, leg: Leg = 'entry') =>
  ClientOrderId.forSlot({ botId, cycle, leg, attempt: 0 });
/** The number of rung 2's next cycle. */
const nextOfRung2 = 2 + 64;

describeWithServers('a grid', (servers) => {
  let world: StrategyWorld;
  let venue: VenueOrders;
  let timer: NodeJS.Timeout;

  beforeEach(async () => {
    world = await StrategyWorld.open(servers);
    venue = new VenueOrders((order, event) => world.others.tell(order, event));
    await world.startService();
    timer = setInterval(() => {
      const prices = { bidPrice: Price.of('50499'), askPrice: Price.of('50500') };
      world.others.quote(aQuote({ instrumentId: anInstrument().id, ...prices, occurredAt: world.others.now() }));
    }, 50);
  });

  afterEach(async () => {
    clearInterval(timer);
    await world?.close();
  });

  const prices = () => {
    const opened = world.others.requests.filter(({ order }) => order.purpose === 'open');
    return [...new Map(opened.map(({ order }) => [order.clientOrderId, order.price])).values()].map((price) =>
      Price.format(price ?? Price.zero),
    );
  };

  it('orders its levels, sells what it bought one level higher, and orders none of it twice after a restart', async () => {
    const { id: botId } = await world.started(configOf({ strategy: 'grid', parameters }));
    for (const rung of [2, 1, 0]) await venue.accept(await world.others.requested(id(botId, rung)));
    expect(prices()).toEqual(['50000', '49000', '48000']);
    const entry = await world.others.requested(id(botId, 2));
    await venue.fill(entry);
    const exit = await world.others.requested(id(botId, 2, 'exit'));
    expect(exit).toMatchObject({ side: 'sell', purpose: 'close', price: Price.of('51000') });
    await venue.accept(exit);
    await world.settled();
    const before = world.others.requestedIds();

    await world.restartService();
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('running'));
    await venue.fill(exit);
    await world.others.requested(id(botId, nextOfRung2));
    expect(world.others.requestedIds()).toEqual([...before, id(botId, nextOfRung2)]);
    await eventually(async () => expect((await world.seen(botId))?.totals).toMatchObject({ cycles: 1, fills: 2 }));
    const [stored] = await world.sql`select state->'lanes' as lanes from bots`;
    expect(stored?.['lanes']).toBe(64);
  });
});
