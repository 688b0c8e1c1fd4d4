import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { GatewayRig } from './gateway-rig.js';

const secret = 'planted-venue-secret-0123456789';
const apiKey = 'planted-venue-key-0123456789';
const wanted = { label: 'Mine', venue: 'sim', mode: 'demo', apiKey, secret };

describeWithServers('venue accounts at the gateway, on real servers', (servers) => {
  let rig: GatewayRig;
  let token: string;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { LOG_LEVEL: 'trace' });
    ({ token } = await rig.setUp());
  });
  afterAll(() => rig.close());

  const add = (changes: object = {}, headers: Record<string, string> = {}) =>
    rig.ask('POST', '/v1/venue-accounts', { token, body: { ...wanted, ...changes }, headers });

  it('reach execution sealed, and nothing gives the secret back', async () => {
    const added = await add();
    expect(added).toMatchObject({ status: 201, body: { label: 'Mine', venue: 'sim', mode: 'demo', state: 'enabled' } });
    expect(rig.services.venueAccounts.opened).toEqual([JSON.stringify({ apiKey, secret })]);
    const { id } = added.body;
    const answers = [
      added,
      await rig.ask('GET', '/v1/venue-accounts', { token }),
      await rig.ask('GET', `/v1/venue-accounts/${id}`, { token }),
      await rig.ask('POST', `/v1/venue-accounts/${id}/rotate`, { token, body: { apiKey, secret } }),
      await rig.ask('GET', '/v1/activity', { token }),
      await rig.ask('POST', '/v1/venue-accounts', { token, body: `{"secret":"${secret}` }),
      await add({ venue: secret }),
      await add({ unexpected: secret }),
    ];
    for (const answered of answers) expect(JSON.stringify(answered.body)).not.toContain('planted');
  });

  it('leave the secret in no table and no line of the log', async () => {
    await add({}, { 'idempotency-key': 'keyed' });
    const tables = await rig.sql(`select table_name from information_schema.tables where table_schema = '{schema}'`);
    expect(tables.length).toBeGreaterThan(10);
    for (const { table_name: table } of tables) {
      const rows = JSON.stringify(await rig.sql(`select t::text as row from "${table}" t`));
      for (const form of [secret, apiKey, Buffer.from(secret).toString('hex')]) expect(rows).not.toContain(form);
    }
    expect(JSON.stringify(rig.log.lines)).not.toContain('planted');
  });

  it('are added once, however often it is asked with the same key', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await add({}, headers);
    expect((await add({}, headers)).body).toEqual(first.body);
    expect(await add({ secret: 'another' }, headers)).toMatchObject({
      status: 409,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    const other = await add({}, { 'idempotency-key': 'twice' });
    expect(other.body.id).not.toBe(first.body.id);
  });

  it('of mode live need a word that it is meant', async () => {
    expect(await add({ mode: 'live' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/acceptLiveTrading', next: expect.any(String) }] },
    });
    expect((await add({ mode: 'live', acceptLiveTrading: true })).status).toBe(201);
  });

  it('that a venue or execution refuses say why, where and what next', async () => {
    rig.services.venueAccounts.refusal = {
      code: 'KEY_MAY_WITHDRAW',
      field: '/apiKey',
      text: 'this key may withdraw',
      allowed: 'a key that may read and trade',
      next: 'Make a new key.',
    };
    const answered = await add();
    rig.services.venueAccounts.refusal = null;
    expect(answered).toMatchObject({
      status: 422,
      body: { code: 'KEY_MAY_WITHDRAW', errors: [{ pointer: '/apiKey', next: 'Make a new key.' }] },
    });
  });

  it('with bots are not removed', async () => {
    const { id } = (await add()).body;
    const bot = {
      name: 'A',
      strategy: 'scalping-cycle',
      account: id,
      venue: 'sim',
      symbol: 'BTC-USDT',
      mode: 'demo',
      parameters: {},
    };
    expect((await rig.ask('POST', '/v1/bots', { token, body: bot })).status).toBe(201);
    const refused = await rig.ask('DELETE', `/v1/venue-accounts/${id}`, { token });
    expect(refused).toMatchObject({ status: 409, body: { code: 'VENUE_ACCOUNT_HAS_BOTS' } });
  });
});
