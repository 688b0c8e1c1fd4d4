import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { auditAnchored, tradingStateChanged } from '@scalpstorm/contracts';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { GatewayRig, type Member, meta, password } from './gateway-rig.js';

const wrong = 'a password that was never set';

describeWithServers('the audit of the gateway, on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: Member & { readonly refreshToken: string };

  beforeEach(async () => {
    rig = await GatewayRig.start(servers);
    owner = await rig.setUp();
  });
  afterEach(() => rig.close());

  const records = () => rig.sql('select * from audit_records order by sequence');
  const kinds = async () => (await records()).map((row) => row['kind']);
  const verify = async (body: object = {}) =>
    (
      await rig.ask('POST', '/v1/audit/verify', {
        token: owner.token,
        body: { service: 'gateway', chain: 'access', ...body },
      })
    ).body;
  const tamper = (sql: string) => rig.sql(`alter table audit_records disable trigger user; ${sql}`);

  it('has who came in and who did not, what changed about people and keys, and no secret', async () => {
    const email = 'second@example.com';
    const made = await rig.addUser(owner.token, email, 'viewer');
    const logIn = await rig.ask('POST', '/v1/auth/login', { body: { email, password: wrong } });
    expect(logIn.status).toBe(401);
    const nobody = 'typed-in-the-wrong-field@example.com';
    await rig.ask('POST', '/v1/auth/login', { body: { email: nobody, password: wrong } });
    const key = await rig.ask('POST', '/v1/api-keys', { token: made.token, body: { label: 'bot', scopes: ['read'] } });
    await rig.ask('DELETE', `/v1/api-keys/${key.body.id}`, { token: made.token });
    const change = { currentPassword: password, newPassword: 'another storm passes over' };
    const changed = await rig.ask('POST', '/v1/me/password', { token: made.token, body: change });
    await rig.ask('PATCH', `/v1/users/${made.userId}`, { token: owner.token, body: { role: 'trader' } });
    await rig.ask('POST', '/v1/auth/logout', { body: { refreshToken: changed.body.refreshToken } });
    expect(await kinds()).toEqual([
      ...['user-created', 'logged-in', 'user-created', 'logged-in', 'log-in-failed', 'log-in-failed'],
      ...['api-key-created', 'api-key-revoked', 'password-changed', 'sessions-ended', 'logged-in'],
      ...['user-changed', 'logged-out'],
    ]);
    const [, , , , failed, unknown] = await records();
    expect([failed?.['subject'], unknown?.['subject']]).toEqual([made.userId, '']);
    const everything = JSON.stringify(await records());
    for (const secret of [password, wrong, nobody, change.newPassword, key.body.key, made.token]) {
      expect(everything).not.toContain(secret);
    }
    expect(await verify()).toMatchObject({ rows: 13, complete: true, fault: null });
  });

  it('has every command of the brake with who gave it and what came of it, and every state that the gate told', async () => {
    await rig.ask('POST', '/v1/halt', { token: owner.token, body: { text: 'storm' } });
    rig.services.onRisk = async () => ({
      ok: false,
      refusals: [{ code: 'NOT_NOW', field: '', text: 'no', allowed: '', next: '' }],
    });
    await rig.ask('POST', '/v1/release', { token: owner.token, body: {} });
    const commands = (await records()).filter((row) => row['kind'] === 'risk-command');
    expect(commands).toMatchObject([
      { actor: owner.userId, subject: 'POST /v1/halt', body: { asked: { text: 'storm' }, outcome: 'done' } },
      { actor: owner.userId, subject: 'POST /v1/release', body: { outcome: 'NOT_NOW' } },
    ]);
    const scope = { kind: 'user' as const, id: owner.userId };
    const told = { meta: meta(), scope, state: 'halted' as const, text: 'storm' };
    await rig.speakers['risk-gate'].bus.send(tradingStateChanged, told);
    await eventually(async () => expect(await kinds()).toContain('trading-state-changed'));
    expect((await records()).at(-1)).toMatchObject({
      body: { event: told.meta.eventId, scope, state: 'halted', text: 'storm' },
    });
    expect(await verify()).toMatchObject({ fault: null });
  });

  it('is read page by page, newest first, by people of role risk and admin, and by what is asked for', async () => {
    const risk = await rig.addUser(owner.token, 'risk@example.com', 'risk');
    const trader = await rig.addUser(owner.token, 'trader@example.com');
    await rig.ask('POST', '/v1/halt', { token: owner.token, body: { text: 'storm' } });
    const read = async (query: string, token = risk.token) => rig.ask('GET', `/v1/audit/records?${query}`, { token });
    expect((await read('', trader.token)).body.code).toBe('FORBIDDEN');
    const whole = (await read('')).body;
    expect(whole.data.map((row: { kind: string }) => row.kind)).toEqual((await kinds()).toReversed());
    expect(whole.data[0]).toMatchObject({
      service: 'gateway',
      chain: 'access',
      actor: owner.userId,
      subject: 'POST /v1/halt',
      body: { outcome: 'done' },
    });
    const pages: unknown[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const { body } = await read(`limit=2${after === '' ? '' : `&after=${after}`}`);
      pages.push(...body.data);
      after = body.nextCursor;
    }
    expect(pages).toEqual(whole.data);
    const count = async (query: string) => (await read(query)).body.data.length;
    expect(await count(`kind=logged-in&subject=none`)).toBe(0);
    expect(await count(`kind=risk-command&actor=${owner.userId}`)).toBe(1);
    expect(await count(`actor=${owner.userId.slice(0, -1)}_`)).toBe(0);
    const [{ at }] = whole.data;
    const later = new Date(Date.parse(at) + 1).toISOString();
    expect([await count(`until=${later}`), await count(`since=${later}`)]).toEqual([whole.data.length, 0]);
    expect((await read('chain=execution/keys')).status).toBe(422);
  });

  it('is verified by administrators, who are told the first bad row', async () => {
    await rig.addUser(owner.token, 'second@example.com', 'viewer');
    await tamper(`update audit_records set body = '{"role": "viewer"}' where sequence = 1`);
    expect((await verify()).fault).toMatchObject({
      kind: 'edited',
      sequence: 1,
      about: expect.stringContaining('user'),
    });
    expect((await verify({ chain: 'orders' })).code).toBe('NOT_FOUND');
  });

  it('holds the chains of all services against what they told, also of one that is gone or does not answer', async () => {
    const mark = { sequence: 9, hash: 'ab'.repeat(32) };
    const anchored = { meta: meta(), service: 'execution', chain: 'orders-demo', mark };
    await rig.speakers.execution.bus.send(auditAnchored, anchored);
    // Nobody tells the end of somebody else's chain.
    await rig.speakers.execution.bus.send(auditAnchored, {
      ...anchored,
      meta: meta(),
      service: 'gateway',
      chain: 'access',
    });
    const chains = async () => (await rig.ask('GET', '/v1/audit', { token: owner.token })).body.data;
    await eventually(async () => expect(await chains()).toHaveLength(2));
    expect(await chains()).toMatchObject([
      { service: 'execution', chain: 'orders-demo', head: null, anchor: mark, answered: true },
      { service: 'gateway', chain: 'access', anchor: null },
    ]);
    const asked: unknown[] = [];
    const check = {
      rows: 0,
      from: { ...mark, sequence: 0 },
      last: { ...mark, sequence: 0 },
      complete: true,
      fault: null,
    };
    rig.services.onAudit = async (request) => {
      asked.push(request);
      return { ok: true, value: { kind: 'checked', check } };
    };
    await verify({ service: 'execution', chain: 'orders-demo', anchors: [{ ...mark, sequence: 10 }] });
    expect(asked).toEqual([
      { kind: 'verify', chain: 'orders-demo', after: null, anchors: [mark, { ...mark, sequence: 10 }] },
    ]);
  });

  it('names a chain that was anchored and is gone, and knows nothing of one that never was', async () => {
    const mark = { sequence: 9, hash: 'ab'.repeat(32) };
    const gone = { meta: meta(), service: 'execution', chain: 'orders-demo', mark };
    await rig.speakers.execution.bus.send(auditAnchored, gone);
    const refusal = { code: 'CHAIN_NOT_FOUND', field: '', text: 'there is no such chain', allowed: '', next: '' };
    rig.services.onAudit = async () => ({ ok: false, refusals: [refusal] });
    await eventually(async () =>
      expect(await verify({ service: 'execution', chain: 'orders-demo' })).toMatchObject({
        complete: true,
        fault: { kind: 'missing', sequence: 1, text: 'the whole chain is gone, and it had row 9' },
      }),
    );
    expect((await verify({ service: 'execution', chain: 'orders-other' })).code).toBe('NOT_FOUND');
  });

  it('tells an end that was cut off, head and all, by what was anchored', async () => {
    const [row] = await rig.sql(
      `select sequence, encode(hash, 'hex') as hash from audit_records order by sequence desc`,
    );
    const anchors = [{ sequence: Number(row?.['sequence']), hash: row?.['hash'] }];
    await tamper(`delete from audit_records where sequence > 1;
      update audit_heads set sequence = 1, hash = (select hash from audit_records where sequence = 1)`);
    expect((await verify()).fault).toBeNull();
    expect((await verify({ anchors })).fault).toMatchObject({ kind: 'truncated', sequence: 2 });
  });
});
