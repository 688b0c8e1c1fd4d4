import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ReconciliationService, RiskService } from '@scalpstorm/contracts/api';
import { describeWithServers } from '@scalpstorm/testkit';
import { type Belongings, settle } from './api-calls.js';
import { BothDoors } from './both-doors.js';
import { reconciliationAnswer } from './fake-reconciliation.js';
import { GatewayRig, type Member } from './gateway-rig.js';

const { method: risk } = RiskService;
const secret = 'a-key-that-was-pasted-into-the-wrong-window';

describeWithServers('what the audit has of commands, at both doors, on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  let mine: Belongings;
  let doors: BothDoors;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    owner = await rig.setUp();
    mine = await settle(rig, owner);
    doors = new BothDoors(rig);
  });
  beforeEach(() => rig.sql(`alter table audit_records disable trigger user; delete from audit_records`));
  afterAll(async () => {
    doors.close();
    await rig.close();
  });

  const records = async (kind: string) =>
    (await rig.sql(
      `select actor, subject, body from audit_records where kind = '${kind}' order by sequence`,
    )) as readonly { actor: string; subject: string; body: { asked: unknown; outcome: string } }[];
  const commands = () => records('risk-command');

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

  it('is when a dead-man timer was armed or taken away, and not each of its renewals', async () => {
    const body = { scope: `bot:${mine.bot}`, seconds: 60 };
    const arm = () => doors.ask({ http: ['PUT', '/v1/dead-man', body], rpc: risk.setDeadMan, grpc: body }, owner);
    const answer = rig.services.onRisk;
    await arm();
    rig.services.onRisk = async (command) => {
      const told = await answer(command);
      return told.ok ? { ...told, value: { ...told.value, renewed: true } } : told;
    };
    const { overHttp, overGrpc } = await arm();
    expect([overHttp.body.renewed, overGrpc.reply]).toMatchObject([true, { renewed: true }]);
    rig.services.onRisk = async () => ({
      ok: false,
      refusals: [{ code: 'DEAD_MAN_NEEDS_OPERATOR', field: '', text: 'no', allowed: '', next: '' }],
    });
    await arm();
    rig.services.onRisk = answer;
    const query = { scope: body.scope };
    const http = ['DELETE', `/v1/dead-man?scope=${body.scope}`] as const;
    await doors.ask({ http, rpc: risk.removeDeadMan, grpc: query }, owner);
    const scope = { kind: 'bot', id: mine.bot };
    const armed = { subject: 'PUT /v1/dead-man', body: { asked: { scope, seconds: 60 }, outcome: 'done' } };
    const refused = { ...armed, body: { ...armed.body, outcome: 'DEAD_MAN_NEEDS_OPERATOR' } };
    const removed = { subject: 'DELETE /v1/dead-man', body: { asked: { scope }, outcome: 'done' } };
    expect(await commands()).toMatchObject([armed, armed, refused, refused, removed, removed]);
  });

  it('has who decided what about an order that nobody placed here, and which order that was', async () => {
    const wish = { decision: 'cancel' };
    const http = ['POST', '/v1/reconciliation/external-orders/1', wish] as const;
    const grpc = { id: '1', ...wish };
    await doors.ask({ http, rpc: ReconciliationService.method.decideExternalOrder, grpc }, owner);
    const refusal = { code: 'EXTERNAL_ORDER_GONE', field: '', text: 'no', allowed: '', next: '' };
    rig.services.onReconciliation = () => ({ ok: false, refusals: [refusal] });
    await rig.ask(http[0], http[1], { token: owner.token, body: wish });
    rig.services.onReconciliation = reconciliationAnswer;
    const [overHttp, overGrpc, refused, ...others] = await records('external-order-decision');
    expect(overHttp).toMatchObject({
      actor: owner.userId,
      subject: 'POST /v1/reconciliation/external-orders/:id',
      body: {
        asked: { id: '1', decision: 'cancel' },
        outcome: 'done',
        result: 'done',
        order: { account: 'demo', symbol: 'BTC-USDT', venueOrderId: expect.any(String), quantity: expect.any(String) },
      },
    });
    expect(overGrpc).toEqual(overHttp);
    expect([refused?.body, others]).toEqual([{ asked: { id: '1', decision: 'cancel' }, outcome: refusal.code }, []]);
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
