import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { GatewayRig, type Member, password } from './gateway-rig.js';

const settings = {
  TRUSTED_PROXIES: '127.0.0.1',
  ANOMALY_ACCOUNT_FAILURES: '4',
  ANOMALY_FAILURES_BEFORE_SUCCESS: '3',
  ANOMALY_REFUSED_CALLS: '2',
};
const email = 'victim@example.com';
const wrong = 'a guess of somebody else';
const elsewhere = { 'x-forwarded-for': '198.51.100.9' };

interface Found {
  readonly rule: string;
  readonly subject: string;
  readonly user: string | null;
}

describeWithServers('what is unusual in the audit, on real servers', (servers) => {
  let rig: GatewayRig;
  let admin: Member;
  let victim: Member;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, settings);
    admin = await rig.setUp();
    victim = await rig.addUser(admin.token, email);
  });
  afterAll(() => rig?.close());

  const logIn = (typed: string, account = email) =>
    rig.ask('POST', '/v1/auth/login', { body: { email: account, password: typed }, headers: elsewhere });
  const list = async (query = '', token = admin.token) => rig.ask('GET', `/v1/audit/anomalies${query}`, { token });
  const rules = async (query = '') => (await list(query)).body.data.map(({ rule }: Found) => rule);
  /** A gateway looks when it begins, and once a minute. */
  const looked = async () => (await rig.replica(settings)).close();
  const codes = async ({ token }: Member): Promise<readonly string[]> =>
    (await rig.ask('GET', '/v1/activity', { token })).body.data.map(({ code }: { code: string }) => code);

  it('is found, listed, and told once to its user and, where an account is in danger, to administrators', async () => {
    for (const typed of [wrong, wrong, wrong, wrong, password]) await logIn(typed);
    const body = { label: 'robot', scopes: ['read'] };
    const { body: made } = await rig.ask('POST', '/v1/api-keys', { token: victim.token, body });
    const other = await rig.replica(settings);
    const headers = { ...elsewhere, authorization: `Bearer ${made.key}` };
    await fetch(`${other.url}/v1/me`, { headers });
    for (let times = 0; times < 2; times += 1) await fetch(`${other.url}/v1/halt`, { method: 'POST', headers });
    await other.close();
    await looked();
    const found = [
      'api-key-refusals',
      'api-key-used-elsewhere-at-once',
      'log-in-after-failures',
      'log-in-failures-of-account',
      'log-in-from-new-address',
    ];
    await eventually(async () => expect((await rules()).toSorted()).toEqual(found));
    expect(await rules(`?rule=api-key-refusals&subject=${made.id}&user=${victim.userId}`)).toEqual([
      'api-key-refusals',
    ]);
    const codeOf = (rule: string) => `ANOMALY_${rule.toUpperCase().replaceAll('-', '_')}`;
    await eventually(async () => {
      expect((await codes(victim)).toSorted()).toEqual(found.map(codeOf));
      expect((await codes(admin)).toSorted()).toEqual([found[1], found[2], found[3]].map((rule) => codeOf(rule ?? '')));
    });
    const kept = JSON.stringify([
      await rig.sql('select * from anomalies'),
      await rig.sql('select * from audit_records'),
    ]);
    for (const secret of [password, wrong, email, made.key]) expect(kept).not.toContain(secret);
  });

  it('is not found again while it lasts', async () => {
    const before = (await list()).body.data;
    const fresh = await rig.addUser(admin.token, 'fresh@example.com');
    for (let times = 0; times < 4; times += 1) await logIn(wrong, 'fresh@example.com');
    await looked();
    await eventually(async () => expect(await rules(`?user=${fresh.userId}`)).toEqual(['log-in-failures-of-account']));
    expect((await list()).body.data.slice(1)).toEqual(before);
  });

  it('is for people of role risk and admin alone, and read page by page', async () => {
    expect((await list('', victim.token)).body.code).toBe('FORBIDDEN');
    const first = (await list('?limit=4')).body;
    const second = (await list(`?limit=4&after=${first.nextCursor}`)).body;
    expect([first.data.length, first.hasMore, second.data.length, second.hasMore]).toEqual([4, true, 2, false]);
    expect((await list('?rule=none')).status).toBe(422);
  });
});
