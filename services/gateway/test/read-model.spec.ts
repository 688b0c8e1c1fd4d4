import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { activityLogged, cancelRequested, cycleCompleted, orderChanged, orderDenied } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId, ClientOrderId, Money, Price, TradeId, type UserId } from '@scalpstorm/model';
import {
  aBot,
  aCycle,
  aFill,
  anActivity,
  anOrder,
  anOrderRequest,
  describeWithServers,
  eventually,
} from '@scalpstorm/testkit';
import { activityRow, fillRow, orderRow } from '../src/handlers/http/schemas-trading.js';
import { GatewayRig, meta } from './gateway-rig.js';

describeWithServers('the read model on real servers', (servers) => {
  let rig: GatewayRig;
  let token: string;
  let userId: UserId;
  let attempt = 0;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    ({ token, userId } = await rig.setUp());
  });
  afterAll(() => rig.close());

  const get = async (path: string) => (await rig.ask('GET', path, { token })).body;
  const nextRequest = (changes: Parameters<typeof anOrderRequest>[0] = {}) => {
    attempt += 1;
    const clientOrderId = ClientOrderId.forSlot({ botId: BotId.of('bot_live0001'), cycle: 0, leg: 'entry', attempt });
    return anOrderRequest({ userId, clientOrderId, botId: BotId.of('bot_live0001'), ...changes });
  };

  it('keeps the newest version of an order, however often and in which order its events come', async () => {
    const request = nextRequest();
    const at = (version: number, status: 'accepted' | 'canceled') => ({
      meta: meta(),
      order: anOrder({ request, status, version }),
      event: { kind: 'submitted' } as const,
    });
    const newest = at(5, 'canceled');
    const { bus } = rig.speakers.execution;
    await bus.send(orderChanged, newest);
    await bus.send(orderChanged, at(4, 'accepted'));
    await bus.send(orderChanged, newest, 'the same event again');
    const last = nextRequest();
    await bus.send(orderChanged, {
      ...at(1, 'accepted'),
      order: anOrder({ request: last, status: 'accepted', version: 1 }),
    });
    await eventually(async () => {
      const { data } = await get('/v1/orders');
      expect(data.map((row: { clientOrderId: string }) => row.clientOrderId)).toContain(last.clientOrderId);
    });
    const row = (await get('/v1/orders')).data.find(
      (order: { clientOrderId: string }) => order.clientOrderId === request.clientOrderId,
    );
    expect(orderRow.parse(row)).toMatchObject({ status: 'canceled', version: 5, final: true });
    const open = await get('/v1/orders?status=open');
    expect(open.data.map((order: { clientOrderId: string }) => order.clientOrderId)).not.toContain(
      request.clientOrderId,
    );
  });

  it('counts a fill once, and also when a newer version of its order came first', async () => {
    const request = nextRequest();
    const fill = aFill({ clientOrderId: request.clientOrderId, tradeId: TradeId.of(`t-${request.clientOrderId}`) });
    const event = { kind: 'filled', fill } as const;
    const { bus } = rig.speakers.execution;
    await bus.send(orderChanged, {
      meta: meta(),
      order: anOrder({ request, status: 'canceled', version: 9 }),
      event: { kind: 'submitted' },
    });
    await bus.send(orderChanged, {
      meta: meta(),
      order: anOrder({ request, status: 'partially-filled', version: 8 }),
      event,
    });
    await bus.send(orderChanged, {
      meta: meta(),
      order: anOrder({ request, status: 'partially-filled', version: 8 }),
      event,
    });
    await eventually(async () => {
      const mine = (await get('/v1/fills')).data.filter(
        (row: { clientOrderId: string }) => row.clientOrderId === request.clientOrderId,
      );
      expect(mine).toHaveLength(1);
      expect(fillRow.parse(mine[0])).toMatchObject({ price: '50000', fee: { amount: '0.00001', currency: 'BTC' } });
    });
  });

  it('shows what the gate denied with the limit, the value and the next step', async () => {
    const order = nextRequest();
    const denial = {
      code: 'POSITION_LIMIT',
      text: 'would be above the limit',
      limit: '500',
      value: '523.1',
      next: 'Lower the quantity.',
    };
    await rig.speakers['risk-gate'].bus.send(orderDenied, { meta: meta(), order, denial });
    await eventually(async () => {
      const row = (await get('/v1/orders?status=final')).data.find(
        (one: { clientOrderId: string }) => one.clientOrderId === order.clientOrderId,
      );
      expect(orderRow.parse(row)).toMatchObject({ status: 'denied', denial });
    });
  });

  it('shows the cycles of a bot as people count, from 1, and keeps them as strategy counts', async () => {
    const bot = aBot({ id: BotId.of('bot_count001'), userId, version: 1 });
    await rig.announce(bot);
    for (const number of [0, 1]) {
      const cycle = aCycle({ botId: bot.id, number });
      await rig.speakers.strategy.bus.send(cycleCompleted, { meta: meta(), userId, cycle, amends: false });
    }
    await eventually(async () => {
      const { data } = await get(`/v1/bots/${bot.id}/cycles`);
      expect(data.map(({ number }: { number: number }) => number)).toEqual([2, 1]);
    });
    const kept = await rig.sql(`select number, view->'number' as shown from cycles where bot_id = '${bot.id}'`);
    expect(kept.map(({ number, shown }) => [number, shown])).toEqual(
      expect.arrayContaining([
        [0, 0],
        [1, 1],
      ]),
    );
  });

  it('shows a cycle with the fees that were valued later, whatever is told again of it', async () => {
    const bot = aBot({ id: BotId.of('bot_value001'), userId, version: 1 });
    await rig.announce(bot);
    const fee = Money.of('0.01', 'BNB');
    const cycle = aCycle({ botId: bot.id, number: 0, otherFees: [{ fee, value: null, priced: null }] });
    const value = Money.of('6', 'USDT');
    const priced = { price: Price.of('600'), at: Timestamp.fromMillis(1_700_000_000_000) };
    const amended = { ...cycle, net: Money.minus(cycle.net, value), otherFees: [{ fee, value, priced }] };
    const { bus } = rig.speakers.strategy;
    await bus.send(cycleCompleted, { meta: meta(), userId, cycle, amends: false });
    await bus.send(cycleCompleted, { meta: meta(), userId, cycle: amended, amends: true });
    await bus.send(cycleCompleted, { meta: meta(), userId, cycle, amends: false });
    await bus.send(cycleCompleted, { meta: meta(), userId, cycle: { ...cycle, number: 1 }, amends: false });
    await eventually(async () => {
      const { data } = await get(`/v1/bots/${bot.id}/cycles`);
      expect(data.map(({ net }: { net: string }) => net)).toEqual([Money.format(cycle.net), Money.format(amended.net)]);
      expect(data[0].otherFees).toMatchObject([{ value: null, priced: null }]);
      expect(data[1].otherFees).toMatchObject([{ priced: { price: '600', at: '2023-11-14T22:13:20.000Z' } }]);
    });
  });

  it('keeps the log of a bot after the bot is gone, and late news do not bring the bot back', async () => {
    const bot = aBot({ id: BotId.of('bot_gone0001'), userId, version: 1 });
    await rig.announce(bot);
    const activity = anActivity({ userId, botId: bot.id, level: 'WARNING' });
    await rig.speakers.strategy.bus.send(activityLogged, { meta: meta(), activity });
    await eventually(async () => expect((await rig.ask('GET', `/v1/bots/${bot.id}`, { token })).status).toBe(200));
    await rig.announce({ ...bot, version: 2 }, true);
    await eventually(async () => expect((await rig.ask('GET', `/v1/bots/${bot.id}`, { token })).status).toBe(404));
    const last = aBot({ id: BotId.of('bot_gone0002'), userId, version: 1 });
    await rig.announce({ ...bot, version: 3 });
    await rig.announce(last);
    await eventually(async () => expect((await rig.ask('GET', `/v1/bots/${last.id}`, { token })).status).toBe(200));
    expect((await rig.ask('GET', `/v1/bots/${bot.id}`, { token })).status).toBe(404);
    await eventually(async () => {
      const { data } = await get(`/v1/activity?bot=${bot.id}&level=WARNING`);
      expect(data.map((row: unknown) => activityRow.parse(row).text)).toEqual([activity.text]);
    });
    expect((await get(`/v1/activity?bot=${bot.id}&level=ERROR`)).data).toEqual([]);
  });

  it('asks execution to cancel an open order, once a key, and refuses one that is over', async () => {
    const request = nextRequest();
    const { bus } = rig.speakers.execution;
    await bus.send(orderChanged, {
      meta: meta(),
      order: anOrder({ request, status: 'accepted', version: 1 }),
      event: { kind: 'submitted' },
    });
    const cancel = () =>
      rig.ask('DELETE', `/v1/orders/${request.clientOrderId}`, {
        token,
        headers: { 'idempotency-key': `c-${request.clientOrderId}` },
      });
    await eventually(async () => expect((await cancel()).status).toBe(202));
    expect((await cancel()).status).toBe(202);
    const commands = (await rig.world.stored('ORDER_COMMANDS')).map(({ payload }) => cancelRequested.decode(payload));
    const mine = commands.filter(({ clientOrderId }) => clientOrderId === request.clientOrderId);
    expect(mine).toEqual([expect.objectContaining({ reason: 'manual', accountId: request.accountId })]);
    await bus.send(orderChanged, {
      meta: meta(),
      order: anOrder({ request, status: 'filled', version: 2 }),
      event: { kind: 'submitted' },
    });
    await eventually(async () => {
      const answered = await rig.ask('DELETE', `/v1/orders/${request.clientOrderId}`, { token });
      expect(answered).toMatchObject({ status: 409, body: { code: 'ORDER_FINAL' } });
    });
  });
});
