import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { GatewayRig, type Member } from './gateway-rig.js';

describeWithServers('the list of users, on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    owner = await rig.setUp();
  });
  afterAll(() => rig.close());

  it('is newest first, page by page, and whole unless it is asked for less', async () => {
    for (const name of ['one', 'two', 'three']) await rig.addUser(owner.token, `${name}@pages.example.com`, 'viewer');
    const list = async (query = '') => (await rig.ask('GET', `/v1/users${query}`, { token: owner.token })).body;
    const whole = await list();
    expect(whole.data.slice(0, 3).map(({ email }: { email: string }) => email.split('@')[0])).toEqual([
      ...['three', 'two', 'one'],
    ]);
    expect(whole).toMatchObject({ hasMore: false, nextCursor: null });
    const first = await list('?limit=2');
    expect(first.hasMore).toBe(true);
    const rest = await list(`?after=${first.nextCursor}`);
    expect([...first.data, ...rest.data]).toEqual(whole.data);
  });
});
