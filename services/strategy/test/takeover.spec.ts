import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ClientOrderId } from '@scalpstorm/model';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { start } from '../src/start.js';
import { botOf, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

describeWithServers('two processes of strategy', (servers) => {
  let world: StrategyWorld;
  let second: Promise<{ close(): Promise<void> }> | null;

  beforeEach(async () => {
    second = null;
    world = await StrategyWorld.open(servers);
    await world.startService();
  });

  afterEach(async () => {
    await world?.stopService();
    await (await second)?.close();
    await world?.close();
  });

  it('one stands by, hears nothing, and goes on where the other stopped', async () => {
    const venue = new VenueOrders((order, event) => world.others.tell(order, event));
    const { id: botId } = await world.started();
    const idOf = (leg: 'entry' | 'exit') => ClientOrderId.forSlot({ botId, cycle: 0, leg, attempt: 0 });
    const entry = await world.others.requested(idOf('entry'));
    await venue.accept(entry);
    let isIn = false;
    second = start(world.env, { ownsProcess: false, log: world.log }).then((service) => {
      isIn = true;
      return service;
    });
    const waits = 'another process has the lease; standing by';
    await eventually(() => expect(world.log.lines.map(({ text }) => text)).toContain(waits));
    await world.settled();
    expect(isIn).toBe(false);
    await world.stopService();
    await venue.fill(entry);
    await second;
    await world.others.requested(idOf('exit'));
    await world.settled();
    expect(world.others.requestedIds()).toEqual([idOf('entry'), idOf('exit')]);
    expect(botOf(await world.verb(botId, 'stop')).observed).toBe('stopping');
    expect(await world.sql`select token::int as token from lease`).toEqual([{ token: 2 }]);
  });
});
