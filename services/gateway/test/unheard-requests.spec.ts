import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { accountChanged, orderChanged } from '@scalpstorm/contracts';
import { AccountId, ClientOrderId } from '@scalpstorm/model';
import { anAccount, anOrder, anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import type { RunningGateway } from '../src/start.js';
import { GatewayRig, type Member, meta } from './gateway-rig.js';

const wish = { account: 'demo', symbol: 'BTC-USDT', side: 'buy', type: 'market', quantity: '0.001' };
const secondMicros = 1_000_000;

/** Of a gate that is away: nobody judges here. */
describeWithServers('an order by hand of which nothing is heard', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  let again: RunningGateway | undefined;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    owner = await rig.setUp();
    const account = anAccount({ id: AccountId.of('demo') });
    await rig.speakers.execution.bus.send(accountChanged, { meta: meta(), account, balances: [], positions: [] });
    await eventually(async () => {
      const { body } = await rig.ask('GET', '/v1/accounts', { token: owner.token });
      expect(body.data).toHaveLength(1);
    });
  });
  afterAll(async () => {
    if (again === undefined) return rig?.close();
    // The rig's own one is closed already.
    await again.close();
    await rig.world.close();
    await rig.sql('drop schema if exists {schema} cascade');
  });

  const place = async (): Promise<string> =>
    (await rig.ask('POST', '/v1/orders', { token: owner.token, body: wish })).body.clientOrderId;
  const shown = async (id: string) => (await rig.ask('GET', `/v1/orders/${id}`, { token: owner.token })).body;
  const open = async () =>
    (await rig.ask('GET', '/v1/orders?status=open', { token: owner.token })).body.data.map(
      ({ clientOrderId }: { clientOrderId: string }) => clientOrderId,
    );
  const age = (id: string, seconds: number) =>
    rig.sql(`update orders set valid_until = valid_until - ${seconds * secondMicros} where client_order_id = '${id}'`);

  it('ends as expired, with a next step, when it could have been heard of; younger ones wait', async () => {
    const [old, young] = [await place(), await place()];
    expect(await shown(old)).toMatchObject({ status: 'initialized', final: false, denial: null });
    await age(old, 100);
    await eventually(async () => expect((await shown(old)).status).toBe('denied'));
    expect(await shown(old)).toMatchObject({
      final: true,
      reason: { code: 'REQUEST_EXPIRED' },
      denial: { code: 'REQUEST_EXPIRED', next: 'Order again, if it is still wanted.' },
    });
    expect(await open()).toEqual([young]);
  });

  it('is what is told of it later all the same', async () => {
    const id = await place();
    await age(id, 100);
    await eventually(async () => expect((await shown(id)).status).toBe('denied'));
    const request = anOrderRequest({ clientOrderId: ClientOrderId.of(id), userId: owner.userId, botId: null });
    const order = anOrder({ request, status: 'accepted', version: 1 });
    await rig.speakers.execution.bus.send(orderChanged, { meta: meta(), order, event: { kind: 'triggered' } });
    await eventually(async () =>
      expect(await shown(id)).toMatchObject({ status: 'accepted', final: false, denial: null }),
    );
  });

  it('is ended by a gateway that is started later', async () => {
    const id = await place();
    await rig.gateway.close();
    await age(id, 100);
    again = await rig.replica();
    const status = () => rig.sql(`select view->>'status' as status from orders where client_order_id = '${id}'`);
    await eventually(async () => expect(await status()).toEqual([{ status: 'denied' }]));
  });
});
