import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { GatewayRig, type Member } from './gateway-rig.js';

describeWithServers('dead-man timers at the door, on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  let other: Member;
  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    owner = await rig.setUp();
    other = await rig.addUser(owner.token, 'other@example.com');
  });
  afterAll(() => rig.close());

  it('are armed for oneself by anybody who trades, and for everybody by operators only', async () => {
    const { token, userId } = other;
    const armed = await rig.ask('PUT', '/v1/dead-man', { token, body: { scope: 'mine', seconds: 60 } });
    const row = { scope: `user:${userId}`, seconds: 60, level: 'cancel', by: userId };
    expect([armed.status, armed.body]).toMatchObject([200, row]);
    const asked = { kind: 'arm', userId, by: userId, operator: false, level: 'cancel' };
    expect(rig.services.riskCommands.at(-1)).toMatchObject(asked);
    const all = { scope: 'platform', seconds: 60, level: 'flatten' };
    expect((await rig.ask('PUT', '/v1/dead-man', { token, body: all })).status).toBe(403);
    expect((await rig.ask('PUT', '/v1/dead-man', { token: owner.token, body: all })).status).toBe(200);
    expect(rig.services.riskCommands.at(-1)).toMatchObject({ kind: 'arm', userId: null, operator: true });
  });

  it('are listed and taken away, and run neither for a moment nor for ever', async () => {
    const { token, userId } = other;
    expect((await rig.ask('GET', '/v1/dead-man', { token })).body).toMatchObject({ data: [] });
    expect(rig.services.riskCommands.at(-1)).toMatchObject({ kind: 'dead-men', userId });
    expect((await rig.ask('DELETE', '/v1/dead-man?scope=mine', { token })).status).toBe(204);
    expect(rig.services.riskCommands.at(-1)).toMatchObject({ kind: 'disarm', scope: { kind: 'user', id: userId } });
    for (const seconds of [9, 86_401]) {
      expect((await rig.ask('PUT', '/v1/dead-man', { token, body: { seconds } })).status).toBe(422);
    }
  });
});
