import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RiskService } from '@scalpstorm/contracts/api';
import { describeWithServers } from '@scalpstorm/testkit';
import { type Belongings, settle } from './api-calls.js';
import { BothDoors } from './both-doors.js';
import { GatewayRig, type Member } from './gateway-rig.js';

const { method: risk } = RiskService;
const secret = 'a-key-that-was-pasted-into-the-wrong-window';

describeWithServers('what the audit has of commands about risk, at both doors, on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  let mine: Belongings;
  let doors: BothDoors;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    owner = await rig.setUp();
    mine = await settle(rig, owner);
    doors = new BothDoors(rig);
  }, 90_000);
  beforeEach(() => rig.sql(`alter table audit_records disable trigger user; delete from audit_records`));
  afterAll(async () => {
    doors.close();
    await rig.close();
  });

  const commands = async () =>
    (await rig.sql(
      `select actor, subject, body from audit_records where kind = 'risk-command' order by sequence`,
    )) as readonly { actor: string; subject: string; body: { asked: unknown; outcome: string } }[];

  it('is the same, as it was read, whichever door it came through', async () => {
    const body = { scope: `bot:${mine.bot}`, state: 'reducing', text: 'calm down' };
    await doors.ask({ http: ['POST', '/v1/risk/state', body], rpc: risk.setRiskState, grpc: body }, owner);
    const [overHttp, overGrpc] = await commands();
    expect(overHttp).toMatchObject({
      actor: owner.userId,
      subject: 'POST /v1/risk/state',
      body: { asked: { scope: { kind: 'bot', id: mine.bot }, state: 'reducing', text: 'calm down' }, outcome: 'done' },
    });
    expect(overGrpc).toEqual(overHttp);
  });

  it('is who asked and that it was refused where it could not be read, and nothing of what was sent', async () => {
    const body = { scope: `bot:${mine.bot}`, state: secret, text: 'calm down' };
    await doors.ask({ http: ['POST', '/v1/risk/state', body], rpc: risk.setRiskState, grpc: body }, owner);
    await rig.ask('POST', '/v1/halt', { token: owner.token, body: { text: 'storm', password: secret } });
    await rig.ask('POST', '/v1/halt', { token: owner.token, body: secret });
    const all = await commands();
    const refused = { actor: owner.userId, body: { asked: null, outcome: 'VALIDATION_FAILED' } };
    expect(all).toMatchObject([refused, refused, { ...refused, subject: 'POST /v1/halt' }]);
    expect(JSON.stringify(all)).not.toContain(secret);
  });
});
