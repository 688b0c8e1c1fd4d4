import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountChanged, type OrderPlanAnswer, type OrderPlanRequest } from '@scalpstorm/contracts';
import { OrderPlanService } from '@scalpstorm/contracts/api';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId, Price, Quantity } from '@scalpstorm/model';
import { anAccount, describeWithServers, eventually } from '@scalpstorm/testkit';
import { BothDoors } from './both-doors.js';
import { planAnswer, plannable, planOf } from './fake-plans.js';
import { GatewayRig, type Member, meta } from './gateway-rig.js';

const { oco } = plannable;
const whose = { account: 'demo', symbol: 'BTC-USDT', side: 'buy', quantity: '1' };
const bracket = {
  ...whose,
  kind: 'bracket',
  entry: { type: 'limit', price: '100' },
  stop: { trigger: { kind: 'trailing', distanceBps: 150 } },
};
const twap = { ...whose, kind: 'twap', slices: 4, intervalSeconds: 60 };
const iceberg = { ...whose, kind: 'iceberg', price: '100', show: '0.1' };

describeWithServers('orders that belong together', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  let doors: BothDoors;
  const asked: OrderPlanRequest[] = [];

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    doors = new BothDoors(rig);
    owner = await rig.setUp();
    const account = anAccount({ id: AccountId.of('demo') });
    await rig.speakers.execution.bus.send(accountChanged, { meta: meta(), account, balances: [], positions: [] });
    rig.services.onPlan = (request) => {
      asked.push(request);
      return planAnswer(request);
    };
    await eventually(async () => {
      const { body } = await rig.ask('GET', '/v1/accounts', { token: owner.token });
      expect(body.data).toHaveLength(1);
    });
  });
  afterAll(async () => {
    doors?.close();
    await rig?.close();
  });

  const plan = (body: object, key?: string) =>
    rig.ask('POST', '/v1/order-plans', {
      token: owner.token,
      body,
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });

  it('are planned in the words of the model, and shown with every field of their kind', async () => {
    const { status, body } = await plan(oco);
    expect(status).toBe(202);
    expect(body).toMatchObject({ kind: 'oco', purpose: 'close', status: 'planned', final: false, entry: null });
    expect(body.stop.trigger).toMatchObject({ kind: 'stop', price: '90', source: 'last' });
    expect(asked.at(-1)).toMatchObject({
      kind: 'create',
      userId: owner.userId,
      accountId: 'demo',
      instrumentId: 'sim:BTC-USDT',
      terms: {
        kind: 'oco',
        quantity: Quantity.of('1'),
        stop: { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null },
        target: { price: Price.of('120'), source: 'last', type: 'limit' },
      },
    });
  });

  it.each([bracket, twap, iceberg])('of every kind: $kind', async (body) => {
    const answer = await plan(body);
    expect([answer.status, answer.body.kind]).toEqual([202, body.kind]);
    const again = await rig.ask('GET', `/v1/order-plans/${planOf(owner.userId)}`, { token: owner.token });
    expect([again.status, again.body.orders[0].leg]).toEqual([200, 'stop']);
  });

  describe('under a key', () => {
    const taken = new Map<string, OrderPlanAnswer>();
    /** As execution does it: what it has under that id is the answer. */
    const keeping = (request: OrderPlanRequest) => {
      asked.push(request);
      if (request.kind !== 'create') return planAnswer(request);
      const answer = taken.get(request.planId) ?? planAnswer(request);
      taken.set(request.planId, answer);
      return answer;
    };
    const forget = (key: string) => rig.sql(`delete from idempotency_keys where key = '${key}'`);

    beforeAll(() => {
      rig.services.onPlan = keeping;
    });

    it('are the same plan when they are asked for again, over HTTP and gRPC, and another with another key', async () => {
      const first = await plan(oco, 'my-plan');
      const before = asked.length;
      const again = await plan(oco, 'my-plan');
      const headers = { 'idempotency-key': 'my-plan' };
      const { createOrderPlan: rpc } = OrderPlanService.method;
      const overGrpc = await doors.overGrpc(rpc, { ...oco }, { token: owner.token, headers });
      expect([again.status, again.body]).toEqual([202, first.body]);
      expect(overGrpc).toMatchObject({ code: 0, reply: { plan: { id: first.body.id } } });
      expect(asked).toHaveLength(before);
      expect((await plan(oco, 'my-other-plan')).body.id).not.toBe(first.body.id);
      expect(first.body.id).toMatch(/^plan_[0-9a-z]{12}$/);
    });

    it('are not planned when the key was used for another body', async () => {
      await plan(oco, 'taken');
      const before = asked.length;
      const other = await plan({ ...oco, quantity: '2' }, 'taken');
      expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
      expect(asked).toHaveLength(before);
    });

    it('are the same plan also when the key was forgotten in between', async () => {
      const first = await plan(bracket, 'forgotten');
      await forget('forgotten');
      const again = await plan({ ...bracket, account: 'demo' }, 'forgotten');
      expect([again.status, again.body]).toEqual([202, first.body]);
    });

    it('are refused, and said to be, under a forgotten key that made another plan or one of another day', async () => {
      const { body } = await plan(twap, 'of-yesterday');
      await forget('of-yesterday');
      const other = await plan({ ...twap, slices: 5 }, 'of-yesterday');
      const known = taken.get(body.id);
      if (known?.ok !== true) throw new Error('the plan was not taken');
      const createdAt = Timestamp.plus(Timestamp.fromMillis(Date.now()), -25 * 3_600 * second);
      taken.set(body.id, { ok: true, value: known.value.map((one) => ({ ...one, createdAt })) });
      await forget('of-yesterday');
      const later = await plan(twap, 'of-yesterday');
      for (const answer of [other, later]) {
        expect([answer.status, answer.body.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
        expect(answer.body.detail).toContain(body.id);
      }
    });
  });

  it('are listed, looked at, and canceled by their own user alone', async () => {
    const { token, userId } = owner;
    const listed = await rig.ask('GET', '/v1/order-plans?status=open', { token });
    expect(listed.body).toMatchObject({ data: [{ id: planOf(userId), status: 'protecting' }], hasMore: false });
    expect(asked.at(-1)).toMatchObject({ kind: 'list', open: true });
    const canceled = await rig.ask('DELETE', `/v1/order-plans/${planOf(userId)}`, { token });
    expect([canceled.status, asked.at(-1)?.kind]).toEqual([202, 'cancel']);
    const none = await rig.ask('GET', '/v1/order-plans/plan_000000000000', { token });
    expect(none).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it.each([
    ['/account', 'ACCOUNT_NOT_FOUND', { ...oco, account: 'other' }],
    ['/kind', 'INVALID', { ...oco, kind: 'grid' }],
    ['/stop', 'REQUIRED', { ...oco, stop: undefined }],
    ['/target', 'REQUIRED', { ...oco, target: undefined }],
    ['/entry/price', 'INVALID', { ...bracket, entry: { type: 'limit' } }],
    ['/slices', 'TOO_SMALL', { ...twap, slices: 1 }],
    ['/show', 'INVALID', { ...iceberg, show: '-1' }],
    ['/limit', 'UNKNOWN_FIELD', { ...iceberg, limit: '5' }],
  ])('are refused at %s with %s (%#), and nobody hears of it', async (pointer, code, body) => {
    const before = asked.length;
    const answer = await plan(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer, code }]);
    expect(asked).toHaveLength(before);
  });

  it('are refused under a key whose plan is kept no more', async () => {
    const text = 'The key was used for a plan that is kept no more.';
    const refusal = { code: 'PLAN_FORGOTTEN', field: '', text, allowed: '', next: '' };
    rig.services.onPlan = () => ({ ok: false, refusals: [refusal] });
    expect(await plan(oco)).toMatchObject({
      status: 409,
      body: { code: 'IDEMPOTENCY_KEY_REUSED', detail: text },
    });
  });

  it('that execution refuses keep its words', async () => {
    rig.services.onPlan = () => ({
      ok: false,
      refusals: [{ code: 'PLAN_UNFIT', field: '/target/price', text: 'no', allowed: '', next: 'Change it.' }],
    });
    const answer = await plan(oco);
    expect(answer).toMatchObject({ status: 422, body: { code: 'PLAN_UNFIT', errors: [{ pointer: '/target/price' }] } });
    rig.services.onPlan = planAnswer;
  });
});
