import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { GatewayRig } from './gateway-rig.js';

const newBot = {
  name: 'Storm',
  strategy: 'scalping-cycle',
  account: 'demo',
  venue: 'sim',
  symbol: 'BTC-USDT',
  mode: 'demo',
  parameters: { quantity: '0.001' },
};

describeWithServers('an Idempotency-Key on real servers', (servers) => {
  let rig: GatewayRig;
  let token: string;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    ({ token } = await rig.setUp());
  });
  afterAll(() => rig.close());

  const create = (body: unknown = newBot, headers: Record<string, string> = {}) =>
    rig.ask('POST', '/v1/bots', { token, body, headers });

  it('gives the same request the same answer, and another request a conflict', async () => {
    const headers = { 'idempotency-key': 'create-1' };
    const first = await create(newBot, headers);
    const before = rig.services.commands.length;
    const second = await create(newBot, headers);
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(rig.services.commands).toHaveLength(before);
    const other = await create({ ...newBot, name: 'Other' }, headers);
    expect(other).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  it('of two requests at once lets one run', async () => {
    const headers = { 'idempotency-key': 'create-2' };
    const before = rig.services.commands.length;
    const answers = await Promise.all([create(newBot, headers), create(newBot, headers), create(newBot, headers)]);
    expect(rig.services.commands).toHaveLength(before + 1);
    for (const { status, body } of answers) expect(status === 201 || body.code === 'IDEMPOTENCY_KEY_BUSY').toBe(true);
  });

  it('stays with a request whose outcome is unknown, and the repeat carries the same command id', async () => {
    const headers = { 'idempotency-key': 'create-3' };
    const heard: string[] = [];
    const obey = rig.services.onBot;
    rig.services.onBot = (command) => {
      heard.push(command.commandId);
      return heard.length === 1 ? Promise.reject(new Error('lost')) : obey(command);
    };
    expect((await create(newBot, headers)).status).toBe(503);
    expect((await create(newBot, headers)).status).toBe(201);
    rig.services.onBot = obey;
    expect(heard).toHaveLength(2);
    expect(new Set(heard).size).toBe(1);
  });

  it('is free again after a refusal that changed nothing', async () => {
    const headers = { 'idempotency-key': 'create-4' };
    expect((await create({ ...newBot, mode: 'real' }, headers)).status).toBe(422);
    expect((await create(newBot, headers)).status).toBe(201);
  });

  it('is printable and not too long', async () => {
    const answered = await create(newBot, { 'idempotency-key': 'x'.repeat(256) });
    expect(answered).toMatchObject({ status: 400, body: { code: 'IDEMPOTENCY_KEY_MALFORMED' } });
  });

  it('of one user means nothing to another', async () => {
    const headers = { 'idempotency-key': 'halt-1' };
    const other = await rig.addUser(token, 'keys@example.com');
    for (const one of [token, other.token])
      await rig.ask('POST', '/v1/halt', { token: one, body: { text: 'x' }, headers });
    const ids = rig.services.riskCommands.slice(-2).map(({ commandId }) => commandId);
    expect(new Set(ids).size).toBe(2);
  });
});
