import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { NatsBus } from '@scalpstorm/bus';
import {
  accountChanged,
  cancelRequested,
  haltSweepQuestion,
  orderChanged,
  userStandingQuestion,
} from '@scalpstorm/contracts';
import { ClientOrderId, type UserId } from '@scalpstorm/model';
import { anAccount, anOrder, anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import { GatewayRig, type Member, meta } from './gateway-rig.js';

describeWithServers('what the gateway answers about the user of a chat, on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  let chats: NatsBus;
  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    owner = await rig.setUp();
    chats = await rig.world.connect('notifications');
  });
  afterAll(() => rig.close());

  const standing = (userId: UserId) => chats.bus.ask(userStandingQuestion, { userId }, 10_000);
  const sweep = (userId: UserId, commandId: string) =>
    chats.bus.ask(haltSweepQuestion, { userId, commandId, level: 'cancel' }, 20_000);

  it('is the role, with every account of the user and of nobody else', async () => {
    const account = anAccount();
    const { bus } = rig.speakers.execution;
    await bus.send(accountChanged, { meta: meta(), account, balances: [], positions: [] });
    const { id, venue, mode } = account;
    const expected = { role: 'admin', accounts: [{ id, venue, mode }] };
    await eventually(async () => expect(await standing(owner.userId)).toEqual(expected));
    const other = await rig.addUser(owner.token, 'other@example.com');
    expect(await standing(other.userId)).toEqual({ role: 'trader', accounts: [] });
  });

  it('is that a halt has canceled the open orders of no bot', async () => {
    const clientOrderId = ClientOrderId.of('chatsofnobot');
    const request = anOrderRequest({ clientOrderId, userId: owner.userId, botId: null });
    const order = anOrder({ request, status: 'accepted', version: 2 });
    await rig.speakers.execution.bus.send(orderChanged, { meta: meta(), order, event: { kind: 'submitted' } });
    const path = `/v1/orders/${clientOrderId}`;
    await eventually(async () => expect((await rig.ask('GET', path, { token: owner.token })).status).toBe(200));
    const left = { bots: 0, orders: 0, positions: 0, complete: true, items: [] };
    expect(await sweep(owner.userId, 'telegram:7:1')).toEqual({
      ok: true,
      value: { bots: 0, ordersCanceled: 1, left },
    });
    const stored = await rig.world.stored('ORDER_COMMANDS');
    expect(stored.map(({ payload }) => cancelRequested.decode(payload))).toMatchObject([
      { clientOrderId, reason: 'halt' },
    ]);
    expect(rig.services.riskCommands).toEqual([]);
  });

  it('is nothing for who may only look, and no role for who was disabled', async () => {
    const viewer = await rig.addUser(owner.token, 'viewer@example.com', 'viewer');
    expect(await sweep(viewer.userId, 'telegram:8:1')).toMatchObject({ ok: false, refusals: [{ code: 'FORBIDDEN' }] });
    const gone = await rig.addUser(owner.token, 'gone@example.com');
    await rig.ask('PATCH', `/v1/users/${gone.userId}`, { token: owner.token, body: { disabled: true } });
    expect(await standing(gone.userId)).toEqual({ role: null, accounts: [] });
    expect(await sweep(gone.userId, 'telegram:9:1')).toMatchObject({ ok: false });
  });
});
