import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { done, hearing } from '@scalpstorm/bus';
import { accountChanged, type OrderRequested, orderChanged, orderDenied, orderRequested } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { anAccount, anOrder, describeWithServers, eventually } from '@scalpstorm/testkit';
import { GatewayRig, type Member, meta } from './gateway-rig.js';

const stop = {
  account: 'demo',
  symbol: 'BTC-USDT',
  side: 'sell',
  type: 'market',
  quantity: '0.001',
  purpose: 'close',
  trigger: { kind: 'stop', price: '50000' },
};

describeWithServers('an order by hand', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  const asked: OrderRequested[] = [];

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    owner = await rig.setUp();
    const account = anAccount({ id: AccountId.of('demo') });
    await rig.speakers.execution.bus.send(accountChanged, { meta: meta(), account, balances: [], positions: [] });
    const hear = async (event: OrderRequested) => {
      asked.push(event);
      return done;
    };
    await rig.speakers['risk-gate'].receiver.receive({
      hears: [hearing(orderRequested, hear)],
      listens: [],
      answers: [],
    });
    await eventually(async () => {
      const { body } = await rig.ask('GET', '/v1/accounts', { token: owner.token });
      expect(body.data).toHaveLength(1);
    });
  });

  afterAll(() => rig?.close());

  const place = (body: object, key?: string) =>
    rig.ask('POST', '/v1/orders', {
      token: owner.token,
      body,
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  const shown = async (id: string) => (await rig.ask('GET', `/v1/orders/${id}`, { token: owner.token })).body;
  const heard = (id: string): Promise<OrderRequest> =>
    eventually(() => {
      const event = asked.find(({ order }) => order.clientOrderId === id);
      if (event === undefined) throw new Error(`nobody asked for ${id}`);
      return event.order;
    });

  it('asks the risk gate, in the words of the model, and is there to be looked at', async () => {
    const { status, body } = await place(stop);
    expect([status, body.status, body.bot]).toEqual([202, 'initialized', null]);
    expect(body.clientOrderId).toMatch(/^m[0-9a-z]{19}$/);
    expect(body.trigger).toEqual({
      kind: 'stop',
      source: 'last',
      price: '50000',
      distanceBps: null,
      activationPrice: null,
    });
    const trigger = { kind: 'stop', price: Price.of('50000'), source: 'last' };
    expect(await heard(body.clientOrderId)).toMatchObject({
      userId: owner.userId,
      botId: null,
      accountId: 'demo',
      mode: 'demo',
      instrumentId: 'sim:BTC-USDT',
      side: 'sell',
      type: 'market',
      price: null,
      quantity: Quantity.of('0.001'),
      purpose: 'close',
      timeInForce: 'GTC',
      trigger,
    });
    expect(await shown(body.clientOrderId)).toMatchObject({ status: 'initialized', events: [] });
  });

  it('is to be judged within ten seconds of being asked for, or not at all', async () => {
    const { body } = await place(stop);
    await heard(body.clientOrderId);
    const event = asked.find(({ order }) => order.clientOrderId === body.clientOrderId);
    expect(event?.validUntil).toBe(Timestamp.plus(event?.meta.occurredAt ?? Timestamp.fromMicros(0), 10 * second));
  });

  it('is the same order when it is asked for again under its key', async () => {
    const first = await place(stop, 'my-stop');
    const again = await place(stop, 'my-stop');
    const other = await place(stop, 'my-other-stop');
    expect(again.body.clientOrderId).toBe(first.body.clientOrderId);
    expect(other.body.clientOrderId).not.toBe(first.body.clientOrderId);
    await heard(other.body.clientOrderId);
    expect(asked.filter(({ order }) => order.clientOrderId === first.body.clientOrderId)).toHaveLength(1);
  });

  it('is answered as it is now when its key was forgotten in between, and not ordered again', async () => {
    const first = await place(stop, 'forgotten');
    await heard(first.body.clientOrderId);
    await rig.sql(`delete from idempotency_keys where key = 'forgotten'`);
    const again = await place({ ...stop }, 'forgotten');
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(asked.filter(({ order }) => order.clientOrderId === first.body.clientOrderId)).toHaveLength(1);
  });

  it('is refused, and said to be, under a key that made another order or one of another day', async () => {
    const first = await place(stop, 'of-yesterday');
    const { clientOrderId } = first.body;
    const forget = () => rig.sql(`delete from idempotency_keys where key = 'of-yesterday'`);
    await forget();
    const other = await place({ ...stop, quantity: '0.002' }, 'of-yesterday');
    const before = new Date(Date.now() - 25 * 3_600_000).toISOString();
    await forget();
    await rig.sql(
      `update orders set view = view || '{"createdAt": "${before}"}' where client_order_id = '${clientOrderId}'`,
    );
    const later = await place(stop, 'of-yesterday');
    for (const { status, body } of [other, later]) {
      expect([status, body.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
      expect(body.detail).toContain(clientOrderId);
    }
  });

  it('shows its verdict when it has one', async () => {
    const { body } = await place({ ...stop, trigger: { kind: 'trailing', distanceBps: 150 } });
    const order = await heard(body.clientOrderId);
    const denial = { code: 'EXCEEDS_POSITION', text: 'too much', limit: '0', value: '0.001', next: 'less' };
    await rig.speakers['risk-gate'].bus.send(orderDenied, { meta: meta(), order, denial });
    await eventually(async () =>
      expect(await shown(body.clientOrderId)).toMatchObject({ status: 'denied', final: true, denial }),
    );
    const passed = await place(stop);
    const request = await heard(passed.body.clientOrderId);
    await rig.speakers.execution.bus.send(orderChanged, {
      meta: meta(),
      order: anOrder({ request, status: 'triggered', version: 3 }),
      event: { kind: 'triggered' },
    });
    await eventually(async () =>
      expect(await shown(passed.body.clientOrderId)).toMatchObject({ status: 'triggered', trigger: { kind: 'stop' } }),
    );
  });

  it.each([
    ['/account', 'ACCOUNT_NOT_FOUND', { ...stop, account: 'other' }],
    ['/price', 'INVALID', { ...stop, type: 'limit' }],
    ['/price', 'INVALID', { ...stop, price: '5' }],
    ['/quantity', 'INVALID', { ...stop, quantity: '-1' }],
    ['/quantity', 'INVALID', { ...stop, quantity: '0' }],
    ['/trigger/price', 'INVALID', { ...stop, trigger: { kind: 'stop' } }],
    ['/trigger/distanceBps', 'INVALID', { ...stop, trigger: { kind: 'trailing' } }],
    ['/trigger/activationPrice', 'INVALID', { ...stop, trigger: { kind: 'stop', price: '5', activationPrice: '5' } }],
    ['/expiresAt', 'TERMS_UNFIT', { ...stop, timeInForce: 'GTD' }],
    ['/displayQuantity', 'TERMS_UNFIT', { ...stop, displayQuantity: '0.0005' }],
    ['/limit', 'UNKNOWN_FIELD', { ...stop, limit: '5' }],
  ])('is refused at %s with %s (%#), and nobody hears of it', async (pointer, code, body) => {
    const before = asked.length;
    const answer = await place(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer, code }]);
    expect(asked).toHaveLength(before);
  });
});
