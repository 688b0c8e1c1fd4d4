import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { cancelRequested, orderChanged } from '@scalpstorm/contracts';
import { BotId, ClientOrderId, type OrderRequest, Price, Quantity, type UserId } from '@scalpstorm/model';
import { aBot, aBotTotals, anOrder, anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import { problemSchema } from '../src/handlers/http/openapi.js';
import { type Answered, GatewayRig, type Member, meta } from './gateway-rig.js';

describeWithServers('how far a halt reaches, on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  beforeEach(async () => {
    rig = await GatewayRig.start(servers);
    owner = await rig.setUp();
  });
  afterEach(() => rig.close());

  const halt = (level: string, scope = 'mine') =>
    rig.ask('POST', '/v1/halt', { token: owner.token, body: { level, scope } });

  const shown = (path: string, { token }: Member = owner) =>
    eventually(async () => expect((await rig.ask('GET', path, { token })).status).toBe(200));

  async function openOrder(
    ...[id, botId, of = owner, terms = {}]: [string, BotId | null, Member?, Partial<OrderRequest>?]
  ): Promise<ClientOrderId> {
    const clientOrderId = ClientOrderId.of(id);
    const request = anOrderRequest({ ...terms, clientOrderId, userId: of.userId, botId });
    const order = anOrder({ request, status: 'accepted', version: 2 });
    await rig.speakers.execution.bus.send(orderChanged, { meta: meta(), order, event: { kind: 'submitted' } });
    await shown(`/v1/orders/${clientOrderId}`, of);
    return clientOrderId;
  }

  async function aRunningBot(id: string, userId: UserId = owner.userId, of: Member = owner): Promise<BotId> {
    const botId = BotId.of(id);
    await rig.announce(aBot({ id: botId, userId, desired: 'running', observed: 'running' }));
    await shown(`/v1/bots/${botId}`, of);
    return botId;
  }

  const canceled = async () => {
    const stored = await rig.world.stored('ORDER_COMMANDS');
    return stored
      .map(({ payload }) => cancelRequested.decode(payload))
      .map(({ clientOrderId, reason }) => [clientOrderId, reason]);
  };

  it('cancels at the venue while the strategy service hangs, and says which bots were not reached', async () => {
    const bot = await aRunningBot('bot_hanging1');
    const order = await openOrder('ofabotthathangs', bot);
    let release = () => {};
    rig.services.onBot = () =>
      new Promise((_, reject) => {
        release = () => reject(new Error('too late'));
      });
    const { status, body } = await halt('cancel');
    release();
    expect(status).toBe(200);
    expect(await canceled()).toEqual([[order, 'halt']]);
    expect(body).toMatchObject({ state: 'halted', ordersCanceled: 1 });
    expect(body.remaining).toMatchObject({ bots: 1, orders: 0, positions: 0, complete: true });
    // It was asked, so nobody knows what it does; that is so whichever is over first, the time for one question or for the halt.
    const unknown = { code: 'SERVICE_UNAVAILABLE', text: expect.stringContaining('not known whether the bot obeyed') };
    expect(body.remaining.items).toEqual([expect.objectContaining({ kind: 'bot', id: bot, ...unknown })]);
    expect(body.bots).toEqual([{ bot, verb: 'stop', ...unknown }]);
  });

  it('reaches every bot and every order, however many there are, and nothing remains', async () => {
    const first = await aRunningBot('bot_manyof00');
    await openOrder('orderofnobot1', null);
    await rig.sql(`insert into bots (id, user_id, version, deleted, view)
      select 'bot_m' || lpad(n::text, 7, '0'), user_id, version, deleted, jsonb_set(view, '{id}', to_jsonb('bot_m' || lpad(n::text, 7, '0')))
      from bots, generate_series(1, 1099) n where id = '${first}'`);
    await rig.sql(`insert into orders (client_order_id, user_id, bot_id, version, final, view)
      select 'newer' || n, user_id, '${first}', version, final,
        view || jsonb_build_object('clientOrderId', 'newer' || n, 'bot', '${first}')
      from orders, generate_series(1, 1100) n`);
    const told = new Set<string>();
    rig.services.onBot = async (command) => {
      if (command.kind === 'create') throw new Error('nobody asked for that');
      told.add(command.botId);
      return { ok: true, value: aBot({ id: command.botId, userId: command.userId, version: 9 }) };
    };
    let all = await halt('cancel');
    // On a slow machine one call may run out of time; then it says so, and the next one goes on with what is left.
    for (let more = 0; more < 60 && !isDone(all); more += 1) {
      await obeyed(told);
      all = await halt('cancel');
    }
    expect(all.body.remaining).toEqual({ bots: 0, orders: 0, positions: 0, complete: true, items: [] });
    expect(told.size).toBe(1100);
    const ids = (await canceled()).map(([id]) => id);
    expect(ids).toContain('orderofnobot1');
    expect(new Set(ids).size).toBe(1101);
  }, 400_000);

  /** As strategy and execution would announce it: those bots stand still, and the orders that were canceled are over. */
  async function obeyed(bots: ReadonlySet<string>): Promise<void> {
    const quoted = (ids: readonly string[]) => ['', ...ids].map((id) => `'${id}'`).join();
    await rig.sql(
      `update bots set view = jsonb_set(view, '{observed}', '"stopped"') where id in (${quoted([...bots])})`,
    );
    const orders = (await canceled()).map(([id = '']) => id);
    await rig.sql(`update orders set final = true where client_order_id in (${quoted(orders)})`);
  }

  it('of scope platform cancels the orders of everybody, of scope mine only one’s own', async () => {
    const other = await rig.addUser(owner.token, 'other@example.com');
    const mine = await openOrder('mineofnobot', null);
    const theirs = await openOrder('theirsofnobot', null, other);
    expect((await halt('cancel')).body.ordersCanceled).toBe(1);
    expect(await canceled()).toEqual([[mine, 'halt']]);
    expect((await halt('cancel', 'platform')).body.ordersCanceled).toBe(2);
    expect(await canceled()).toContainEqual([theirs, 'halt']);
  });

  it('leaves alone what closes, at every level, whoever holds what it protects', async () => {
    const bot = await aRunningBot('bot_refusing');
    const refusal = { code: 'BOT_QUARANTINED', field: '', text: 'it does not run', allowed: '', next: 'Edit it.' };
    rig.services.onBot = async () => ({ ok: false, refusals: [refusal] });
    const trigger = { kind: 'stop', price: Price.of('90'), source: 'mid' } as const;
    const closes = { side: 'sell', type: 'market', price: null, purpose: 'close' } as const;
    await openOrder('stopbyhand', null, owner, { ...closes, trigger });
    await openOrder('stopofabot', bot, owner, { ...closes, trigger });
    await openOrder('closesatmarket', null, owner, closes);
    await openOrder('closesatalimit', null, owner, { side: 'sell', purpose: 'close' });
    const opens = await openOrder('opensatastop', null, owner, { trigger: { ...trigger, price: Price.of('110') } });
    for (const level of ['cancel', 'flatten']) {
      expect((await halt(level)).body).toMatchObject({ ordersCanceled: 1, remaining: { orders: 0 } });
      expect(new Set((await canceled()).map(([id]) => id))).toEqual(new Set([opens]));
    }
  });

  it('names what a failed bot holds and will not close, with the reason that it gives', async () => {
    const bot = BotId.of('bot_failed01');
    const totals = aBotTotals({ held: Quantity.of('0.5') });
    await rig.announce(aBot({ id: bot, userId: owner.userId, desired: 'stopped', observed: 'error', totals }));
    await shown(`/v1/bots/${bot}`);
    const refusal = { code: 'BOT_QUARANTINED', field: '', text: 'it does not run', allowed: '', next: 'Edit it.' };
    rig.services.onBot = async () => ({ ok: false, refusals: [refusal] });
    const { body } = await halt('flatten');
    expect(body.remaining).toMatchObject({ bots: 1, positions: 1, complete: true });
    expect(body.remaining.items[0]).toMatchObject({
      ...{ kind: 'position', bot, code: 'BOT_QUARANTINED' },
      text: expect.stringContaining('0.5 BTC stay open'),
    });
    expect((await halt('cancel')).body.remaining).toMatchObject({ bots: 1, positions: 0 });
  });

  it('cancels also while the risk gate is away, and does not call that a halt', async () => {
    const order = await openOrder('whilegateisaway', null);
    rig.services.onRisk = () => new Promise(() => {});
    const bot = await aRunningBot('bot_obeying1');
    const { status, body } = await halt('cancel');
    expect([status, body.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(await canceled()).toEqual([[order, 'halt']]);
    // Whoever pressed the button hears what was done all the same.
    expect(body.detail).toContain('not known whether trading is halted');
    expect(body.bots).toEqual([{ bot, verb: 'stop', code: null, text: '' }]);
    expect(body).toMatchObject({ ordersCanceled: 1, remaining: { bots: 0, orders: 0, complete: true } });
    expect(problemSchema.strict().safeParse(body)).toMatchObject({ success: true });
  });
});

const isDone = ({ status, body }: Answered): boolean =>
  status === 200 && body.remaining.complete && body.remaining.bots + body.remaining.orders === 0;
