import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type BotId, ClientOrderId, type Leg } from '@scalpstorm/model';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { botOf, configOf, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const id = (botId: BotId, leg: Leg, attempt = 0, cycle = 0) => ClientOrderId.forSlot({ botId, cycle, leg, attempt });

describeWithServers('a stored bot that can not be run', (servers) => {
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

  it('keeps neither the process nor the others down, and loses no fill', async () => {
    const broken = await world.started(configOf({ name: 'broken' }));
    const sound = await world.started(configOf({ name: 'sound' }));
    const entry = await world.others.requested(id(broken.id, 'entry'));
    await venue.accept(entry);
    await world.settled();
    await world.stopService();
    const [before] = await world.sql`select state from bots where id = ${broken.id}`;
    await world.sql`update bots set state = '{"strategy":{"mode":"running"},"orders":[]}' where id = ${broken.id}`;
    await world.startService();

    const other = await world.others.requested(id(sound.id, 'entry'));
    await venue.accept(other);
    await venue.fill(other);
    await world.others.requested(id(sound.id, 'exit'));

    await eventually(async () =>
      expect(await world.seen(broken.id)).toMatchObject({
        desired: 'stopped',
        observed: 'error',
        reason: { code: 'BOT_STEP_FAILED' },
      }),
    );
    await eventually(async () => {
      const errors = (await world.activities()).filter(({ level }) => level === 'ERROR');
      expect(errors).toMatchObject([{ code: 'BOT_STEP_FAILED', botId: broken.id }]);
    });
    await venue.fill(entry);
    await world.settled();
    expect(await world.deadLetters()).toEqual([]);
    const rows = await world.sql`select fills, held::text from bots where id = ${broken.id}`;
    expect(rows).toEqual([{ fills: 1, held: '0.01' }]);
    await eventually(async () =>
      expect((await world.activities()).map(({ code }) => code)).toContain('FILLED_WHILE_ASIDE'),
    );

    // Its row is restored from a back-up; what was heard meanwhile is still there.
    await world.stopService();
    const { strategy } = before?.['state'] ?? {};
    await world.sql`update bots set state = jsonb_set(state, '{strategy}', ${world.sql.json(strategy)})
      where id = ${broken.id}`;
    await world.startService();
    expect(botOf(await world.verb(broken.id, 'start'))).toMatchObject({ observed: 'running' });
    await world.others.requested(id(broken.id, 'exit'));
  });
});
