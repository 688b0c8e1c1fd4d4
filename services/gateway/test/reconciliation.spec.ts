import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ReconciliationRequest } from '@scalpstorm/contracts';
import { describeWithServers } from '@scalpstorm/testkit';
import { routes } from '../src/handlers/http/routes.js';
import { reconciliationAnswer } from './fake-reconciliation.js';
import { GatewayRig } from './gateway-rig.js';

describeWithServers('what was found when books and venues were compared', (servers) => {
  let rig: GatewayRig;
  let token: string;
  let other: string;
  const asked: ReconciliationRequest[] = [];

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    ({ token } = await rig.setUp());
    other = (await rig.addUser(token, 'other@example.com')).token;
    rig.services.onReconciliation = (request) => {
      asked.push(request);
      return reconciliationAnswer(request);
    };
  });
  afterAll(() => rig.close());

  const get = async (path: string, by = token) => rig.ask('GET', `/v1/reconciliation/${path}`, { token: by });

  it('is listed page by page, newest first', async () => {
    const first = routes.listDifferences.reply.parse((await get('differences?limit=2')).body);
    expect(first).toMatchObject({ hasMore: true, data: [{ id: '3', trigger: 'timer', repaired: true }, { id: '2' }] });
    const next = await get(`differences?limit=2&after=${first.nextCursor}`);
    expect(next.body).toMatchObject({ hasMore: false, nextCursor: null, data: [{ id: '1' }] });
  });

  it('says what each account may do, and whether its venue is trusted', async () => {
    expect((await get('accounts')).body).toMatchObject({
      data: [{ account: 'demo', state: 'trading', circuit: 'closed', code: '' }],
    });
  });

  it('a dry run tells what would be done, and no comparison that mends is asked for', async () => {
    asked.length = 0;
    const { body, status } = await rig.ask('POST', '/v1/reconciliation/dry-run', { token });
    expect([status, routes.compareOnly.reply.parse(body)]).toMatchObject([
      200,
      { reconciled: false, differences: [{ repaired: false }] },
    ]);
    expect(asked.map(({ kind }) => kind)).toEqual(['compare']);
  });

  it('orders that nobody placed here are listed, and decided on in the name of who asks', async () => {
    const { body } = await get('external-orders');
    expect(body).toMatchObject({ data: [{ id: '1', account: 'demo', symbol: 'BTC-USDT', decision: null }] });
    const path = '/v1/reconciliation/external-orders/1';
    const decided = await rig.ask('POST', path, { token, body: { decision: 'adopt' } });
    expect(decided).toMatchObject({ status: 200, body: { decision: 'adopt', outcome: 'done' } });
    expect(asked.at(-1)).toMatchObject({ kind: 'decide', externalOrderId: 1n, decision: 'adopt' });
    expect((decided.body as { decidedBy: string }).decidedBy).toBe(asked.at(-1)?.userId);
    const refused = await rig.ask('POST', path, { token, body: { decision: 'sell' } });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/decision' }] } });
  });

  it('what execution refuses is told with its code and what to do', async () => {
    const next = 'Cancel it, or ignore it.';
    const refusal = { code: 'EXTERNAL_ORDER_NOT_ADOPTABLE', field: '/decision', text: 'no plain limit order' };
    rig.services.onReconciliation = () => ({ ok: false, refusals: [{ ...refusal, allowed: '', next }] });
    const path = '/v1/reconciliation/external-orders/1';
    expect(await rig.ask('POST', path, { token, body: { decision: 'adopt' } })).toMatchObject({
      status: 409,
      body: { code: 'EXTERNAL_ORDER_NOT_ADOPTABLE', errors: [{ next }] },
    });
    rig.services.onReconciliation = reconciliationAnswer;
  });

  it('of accounts of others nobody is told, and nothing is asked', async () => {
    asked.length = 0;
    rig.services.onReconciliation = (request) => {
      asked.push(request);
      return reconciliationAnswer(request);
    };
    for (const path of ['accounts', 'differences', 'external-orders'])
      expect((await get(path, other)).body).toMatchObject({ data: [] });
    expect(await get('differences?account=demo', other)).toMatchObject({ status: 404 });
    const decide = { token: other, body: { decision: 'cancel' } };
    expect(await rig.ask('POST', '/v1/reconciliation/external-orders/1', decide)).toMatchObject({ status: 404 });
    expect(asked).toEqual([]);
  });
});
