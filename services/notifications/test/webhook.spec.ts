import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { UserId } from '@scalpstorm/model';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { ann, NotificationsWorld, patiently } from './notifications-world.js';
import { WebhookReceiver } from './webhook-receiver.js';

interface Signed {
  readonly signature: string;
  readonly body: string;
  readonly secret: string;
  readonly nowSeconds?: number;
}

/** The very code that docs/notifications.md shows to users. */
async function documentedCheck(): Promise<(signed: Signed) => boolean> {
  const text = await readFile(new URL('../../../docs/notifications.md', import.meta.url), 'utf8');
  const code = /```js verify\n([\s\S]*?)```/.exec(text)?.[1];
  if (code === undefined) throw new Error('docs/notifications.md has no code to check a signature');
  const { createHmac, timingSafeEqual } = await import('node:crypto');
  const body = code.replace(/^import .*$/m, '').replace('export function', 'return function');
  return new Function('createHmac', 'timingSafeEqual', body)(createHmac, timingSafeEqual) as (
    signed: Signed,
  ) => boolean;
}

describeWithServers('a webhook', ({ postgresUrl }) => {
  const receiver = new WebhookReceiver();
  let world: NotificationsWorld;
  let check: (signed: Signed) => boolean;
  let secret = '';

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('no NATS server');
    check = await documentedCheck();
    await receiver.open();
    const settings = {
      NOTIFICATIONS_KEY: 'a'.repeat(64),
      WEBHOOK_HTTP_ALLOWED: 'true',
      WEBHOOK_PRIVATE_ALLOWED: 'true',
    };
    world = await NotificationsWorld.open({ nats, postgresUrl }, settings);
    secret = (await world.do({ kind: 'set-webhook', url: receiver.url })).webhookSecret ?? '';
  });

  afterAll(async () => {
    await world.close();
    await receiver.close();
  });

  const received = (text: string, count = 1) =>
    eventually(() => {
      const found = receiver.received.filter(({ body }) => body.includes(text));
      if (found.length < count) throw new Error(`received ${found.length} times: ${text}`);
      return found;
    }, patiently);

  it('is signed so that the documented code recognises it, and nothing that was changed, recorded or made up', async () => {
    await world.cycle({ number: 0, mode: 'live' });
    const [request] = await received('cycle 1');
    const body = request?.body ?? '';
    const signature = String(request?.headers['scalpstorm-signature']);
    const signed = { signature, body, secret };
    expect(check(signed)).toBe(true);
    expect(check({ ...signed, body: body.replace('+0.8', '+8000') })).toBe(false);
    expect(check({ ...signed, secret: 'whsec_another' })).toBe(false);
    expect(check({ ...signed, nowSeconds: Date.now() / 1_000 + 301 })).toBe(false);
    expect(check({ ...signed, signature: signature.replace(/t=\d+/, `t=${Math.floor(Date.now() / 1_000) + 1}`) })).toBe(
      false,
    );
    expect(check({ ...signed, signature: 'nonsense' })).toBe(false);
    expect(JSON.parse(body)).toMatchObject({
      kind: 'cycle-completed',
      level: 'SUCCESS',
      mode: 'live',
      bot: 'bot_00000001',
    });
  });

  it('keeps its delivery id when it is tried again, and gets a signature of its own', async () => {
    receiver.answers.push({ status: 503 });
    await world.halted('once more');
    const requests = await received('once more', 2);
    expect(new Set(requests.map(({ headers }) => headers['scalpstorm-delivery'])).size).toBe(1);
    for (const { headers, body } of requests) {
      expect(check({ signature: String(headers['scalpstorm-signature']), body, secret })).toBe(true);
    }
  });

  it('follows no redirect', async () => {
    receiver.answers.push({ status: 302, location: '/elsewhere' });
    await world.halted('redirected');
    await received('redirected', 2);
    expect(receiver.received.some(({ path }) => path === '/elsewhere')).toBe(false);
  });

  it('does not swallow an endless answer', async () => {
    receiver.answers.push({ status: 200, body: 'x'.repeat(5_000_000) });
    await world.halted('a flood comes back');
    await received('a flood comes back');
    await eventually(async () => expect((await world.deliveries()).at(-1)?.state).toBe('sent'), patiently);
  });

  it('ends with 410', async () => {
    receiver.answers.push({ status: 410 });
    await world.halted('gone');
    await eventually(
      async () =>
        expect((await world.do({ kind: 'look' })).failed).toMatchObject([
          { error: 'the receiver answered 410 Gone', attempts: 1 },
        ]),
      patiently,
    );
    await eventually(async () => expect((await world.do({ kind: 'look' })).webhookUrl).toBeNull(), patiently);
    secret = (await world.do({ kind: 'set-webhook', url: receiver.url })).webhookSecret ?? '';
  });

  it('gets what failed before it was changed, five in ten minutes', async () => {
    secret = (await world.do({ kind: 'set-webhook', url: `${receiver.url}/new` })).webhookSecret ?? '';
    const [failed] = (await world.do({ kind: 'look' })).failed;
    const deliveryId = failed?.id ?? '';
    for (let asked = 1; asked <= 5; asked += 1) {
      await world.do({ kind: 'retry', deliveryId });
      await received('gone', 1 + asked);
      await eventually(
        async () => expect(await world.sql`select 1 from deliveries where state = 'waiting'`).toHaveLength(0),
        patiently,
      );
      await world.sql`update deliveries set state = 'failed', payload = '{"channel":"webhook","body":"gone"}'
        where id = ${deliveryId}::bigint`;
    }
    expect(await world.ask({ kind: 'retry', deliveryId })).toMatchObject({
      ok: false,
      refusals: [{ code: 'TOO_MANY_MESSAGES' }],
    });
    const paths = receiver.received.filter(({ body }) => body.includes('gone')).map(({ path }) => path);
    expect(paths).toEqual(['/hook', ...Array(5).fill('/hook/new')]);
    await world.sql`delete from deliveries where id = ${deliveryId}::bigint`;
    secret = (await world.do({ kind: 'set-webhook', url: receiver.url })).webhookSecret ?? '';
  });

  it('keeps its secret sealed, for this user alone', async () => {
    const rows = await world.sql<{ sealed_secret: Buffer }[]>`select sealed_secret from webhooks`;
    expect(rows).toHaveLength(1);
    expect(rows[0]?.sealed_secret.includes(secret)).toBe(false);
    const bob = UserId.of('user_bob');
    await world.do({ kind: 'set-webhook', url: `${receiver.url}?bob` }, { userId: bob });
    await world.sql`update webhooks set sealed_secret = (select sealed_secret from webhooks where user_id = ${ann}) where user_id = ${bob}`;
    await world.do({ kind: 'test', channel: 'webhook' }, { userId: bob });
    const failed = () => world.do({ kind: 'look' }, { userId: bob });
    await eventually(
      async () => expect((await failed()).failed).toMatchObject([{ error: expect.stringContaining('cannot be read') }]),
      patiently,
    );
    expect(world.logged()).not.toContain(secret);
  });

  it('sends nothing more after it was removed, not even what waited', async () => {
    receiver.answers.push({ status: 500 }, { status: 500 }, { status: 500 });
    await world.halted('on its way');
    await received('on its way');
    await world.do({ kind: 'remove-webhook' });
    await eventually(
      async () => expect((await world.deliveries()).filter(({ state }) => state === 'waiting')).toEqual([]),
      patiently,
    );
  });
});

describeWithServers('a platform on which nothing is configured', ({ postgresUrl }) => {
  let world: NotificationsWorld;

  beforeEach(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('no NATS server');
    world = await NotificationsWorld.open({ nats, postgresUrl });
  });

  it('is ready, says what is not configured, and warns of nothing', async () => {
    await world.bot();
    await world.cycle({ number: 0 });
    await eventually(async () => expect(await world.pending('BOT_EVENTS')).toBe(0), patiently);
    await eventually(async () => {
      const { status, checks } = await world.health();
      expect(status).toBe(200);
      expect(checks).toMatchObject({
        telegram: { status: 'down', error: 'not configured: set TELEGRAM_BOT_TOKEN' },
        email: { error: 'not configured: set SMTP_URL and SMTP_FROM' },
        webhook: { error: 'not configured: set NOTIFICATIONS_KEY' },
      });
    }, patiently);
    expect((await world.do({ kind: 'look' })).channels.map(({ state }) => state)).toEqual(['off', 'off', 'off']);
    expect(await world.ask({ kind: 'link-telegram' })).toMatchObject({
      ok: false,
      refusals: [{ code: 'CHANNEL_NOT_CONFIGURED' }],
    });
    expect(await world.ask({ kind: 'set-webhook', url: 'https://example.com/' })).toMatchObject({ ok: false });
    const loud = world.log.lines.filter(({ level }) => level !== 'info' && level !== 'debug');
    // A bus that answers late on a loaded machine is weather.
    expect(loud.filter(({ fields }) => fields['context'] !== 'bus')).toEqual([]);
    await world.close();
  });
});

describe('the documented check', () => {
  it('is the code in the documentation', async () => {
    expect(typeof (await documentedCheck())).toBe('function');
  });
});
