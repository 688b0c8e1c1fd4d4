import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { Timestamp } from '@scalpstorm/kernel';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { BotApiServer } from './bot-api-server.js';
import { clock, NotificationsWorld, patiently } from './notifications-world.js';
import { WebhookReceiver } from './webhook-receiver.js';

const token = '123456:secret-token-of-a-test';

describeWithServers('an outage', ({ postgresUrl }) => {
  let telegram: BotApiServer;
  let receiver: WebhookReceiver;
  let world: NotificationsWorld;

  beforeEach(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('no NATS server');
    telegram = new BotApiServer(token);
    receiver = new WebhookReceiver();
    await Promise.all([telegram.open(), receiver.open()]);
    const settings = {
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_API_ROOT: telegram.root,
      NOTIFICATIONS_KEY: 'a'.repeat(64),
      WEBHOOK_HTTP_ALLOWED: 'true',
      WEBHOOK_PRIVATE_ALLOWED: 'true',
    };
    world = await NotificationsWorld.open({ nats, postgresUrl }, settings);
    await world.link((text) => telegram.write(text));
    await world.do({ kind: 'set-webhook', url: receiver.url });
  });

  afterEach(async () => {
    await world.close();
    await Promise.all([telegram.close(), receiver.close()]);
  });

  const told = (text: string) => telegram.sent.filter((message) => message.text.includes(text)).length;
  const hooked = (text: string) => receiver.received.filter(({ body }) => body.includes(text)).length;

  it('of Telegram loses nothing, holds up no event and no other channel, and everything comes once after it', async () => {
    telegram.leave();
    for (let index = 0; index < 12; index += 1) await world.cycle({ number: 100 + index });
    await eventually(() => expect(hooked('cycle 1')).toBe(12), patiently);
    await eventually(async () => expect(await world.pending('BOT_EVENTS')).toBe(0), patiently);
    await eventually(async () => {
      const { status, checks } = await world.health();
      expect([status, checks['telegram']?.status]).toEqual([200, 'down']);
    }, patiently);
    expect((await world.deliveries()).filter(({ state }) => state === 'failed')).toEqual([]);
    telegram.comeBack();
    await eventually(() => expect(told('cycle 1')).toBe(12), patiently);
    await eventually(async () => expect((await world.health()).checks['telegram']?.status).toBe('up'), patiently);
    for (let index = 0; index < 12; index += 1) expect(told(`cycle ${101 + index}:`)).toBe(1);
  });

  it('that outlasts the service itself loses nothing either', async () => {
    telegram.leave();
    await world.halted('before the restart');
    await eventually(async () => expect(await world.deliveries()).toHaveLength(2), patiently);
    await world.stopService();
    await world.halted('while it was away');
    telegram.comeBack();
    await world.startService();
    await eventually(() => expect([told('before the restart'), told('while it was away')]).toEqual([1, 1]), patiently);
    await eventually(() => expect(hooked('while it was away')).toBe(1), patiently);
  });

  it('of one receiver is bounded: the message is given up, listed, and the next one still goes out', async () => {
    await world.stopService();
    const broken = Array.from({ length: 24 }, () => ({ status: 500 }));
    receiver.answers.push(...broken);
    await world.startService();
    await world.halted('never arrives');
    const [failed] = await eventually(async () => {
      const found = (await world.do({ kind: 'look' })).failed;
      if (found.length === 0) throw new Error('not given up yet');
      return found;
    }, patiently);
    expect(failed).toMatchObject({ channel: 'webhook', attempts: 24, error: 'the receiver answered 500' });
    expect(told('never arrives')).toBe(1);
    await world.halted('arrives');
    await eventually(() => expect(hooked('arrives')).toBe(25), patiently);
  });

  it('of hours is told in one line, not in a hundred', async () => {
    const hoursAgo = Timestamp.plus(clock.now(), -2 * 3_600_000_000);
    await world.sql`update telegram_links set linked_at = 1`;
    await world.stopService();
    for (let index = 0; index < 30; index += 1) await world.halted(`old ${index}`, hoursAgo);
    await world.startService();
    await eventually(() => expect(told('30 notices (from a while ago)')).toBe(1), { ...patiently, timeoutMs: 60_000 });
    expect(told('old 7')).toBe(0);
  });
});
