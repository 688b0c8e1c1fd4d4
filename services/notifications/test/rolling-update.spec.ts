import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { BotApiServer } from './bot-api-server.js';
import { NotificationsWorld, patiently } from './notifications-world.js';

const token = '123456:secret-token-of-a-test';

describeWithServers('two processes of notifications', ({ postgresUrl }) => {
  let telegram: BotApiServer;
  let world: NotificationsWorld;

  beforeEach(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('no NATS server');
    telegram = new BotApiServer(token);
    await telegram.open();
    const settings = {
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_API_ROOT: telegram.root,
      NOTIFICATIONS_PER_MINUTE_MAX: '600',
    };
    world = await NotificationsWorld.open({ nats, postgresUrl }, settings);
  });
  afterEach(async () => {
    await world.close();
    await telegram.close();
  });

  const told = (text: string) => telegram.sent.filter((message) => message.text.includes(text)).length;

  it('tell everything once: one is on duty, the other is ready and takes over what the first knew', async () => {
    const next = await world.startAnother();
    await eventually(
      async () =>
        expect(await next.health()).toMatchObject({
          status: 200,
          checks: { duty: { status: 'down', error: expect.stringContaining('standing by') } },
        }),
      patiently,
    );
    // The second has seen nothing of this.
    await world.link((text) => telegram.write(text));
    for (let index = 0; index < 10; index += 1) await world.cycle({ number: index });
    const stopping = world.stopService();
    for (let index = 10; index < 20; index += 1) await world.cycle({ number: index });
    await stopping;
    await eventually(async () => expect((await next.health()).checks['duty']?.status).toBe('up'), patiently);
    telegram.write('/halt by the second');
    await eventually(() => expect(told('Halt all your bots?')).toBe(1), patiently);
    for (let index = 0; index < 20; index += 1) {
      await eventually(() => expect([index, told(`cycle ${index + 1}:`)]).toEqual([index, 1]), patiently);
    }
    // What has arrived is written down a moment later.
    const unsent = async () => (await world.deliveries()).filter(({ state }) => state !== 'sent');
    await eventually(async () => expect(await unsent()).toEqual([]), patiently);
    await next.close();
  });

  it('do not wait for one that died on this machine', async () => {
    const [held] = await world.sql<{ holder: string }[]>`select holder from lease`;
    await world.stopService();
    const [host, , ...rest] = held?.holder.split('/') ?? [];
    const dead = [host, 2_147_483_646, ...rest].join('/');
    await world.sql`update lease set holder = ${dead}, expires_at = now() + interval '1 hour'`;
    const next = await world.startAnother();
    // More than machine, number and a random part: this system tells of its processes, see `diedHere`.
    const proved = rest.length > 1;
    await eventually(
      async () => expect((await next.health()).checks['duty']?.status).toBe(proved ? 'up' : 'down'),
      patiently,
    );
    await next.close();
  });
});
