import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountChanged, activityLogged, cycleCompleted, orderChanged } from '@scalpstorm/contracts';
import { AccountId, BotId, ClientOrderId, InstrumentId, TradeId, type UserId } from '@scalpstorm/model';
import {
  aBalance,
  aBot,
  aCycle,
  aFill,
  anAccount,
  anActivity,
  anOrder,
  anOrderRequest,
  aPosition,
  describeWithServers,
  eventually,
} from '@scalpstorm/testkit';
import type { AnyRoute } from '../src/handlers/http/route.js';
import { routes, routeTable } from '../src/handlers/http/routes.js';
import { GatewayRig, meta } from './gateway-rig.js';

const botId = BotId.of('bot_victim01');
const clientOrderId = ClientOrderId.forSlot({ botId, cycle: 0, leg: 'entry', attempt: 0 });
const marks = [botId, clientOrderId, '"account":"demo"', '"id":"demo"', 'victims-trade', 'victims-secret-line'];

/** What a stranger may not get at, and the answer that hides it. */
const guarded: ReadonlyMap<AnyRoute, number> = new Map(
  (
    [
      routes.getBot,
      routes.editBot,
      routes.deleteBot,
      routes.commandBot,
      routes.listBotCycles,
      routes.listBotJournal,
      routes.listBotOrders,
      routes.listBotFills,
      routes.cancelOrder,
    ] as unknown as AnyRoute[]
  ).map((route) => [route, 404]),
);
const publicRoutes = routeTable.filter(({ access }) => access === 'public');
const ownRoutes = routeTable.filter((route) => route.access !== 'public');
const bodies: Readonly<Record<string, unknown>> = {
  [routes.editBot.path]: { name: 'mine now' },
  [routes.createBot.path]: {
    name: 'A',
    strategy: 'scalping-cycle',
    account: 'demo',
    venue: 'sim',
    symbol: 'BTC-USDT',
    mode: 'demo',
    parameters: {},
  },
  [routes.createUser.path]: { email: 'third@example.com', password: 'the storm passes over', role: 'admin' },
};

describeWithServers('two users on real servers', (servers) => {
  let rig: GatewayRig;
  let victim: { token: string; userId: UserId };
  let stranger: { token: string; userId: UserId };

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    victim = await rig.setUp();
    stranger = await rig.addUser(victim.token, 'stranger@example.com');
    await rig.announce(aBot({ id: botId, userId: victim.userId, version: 1 }));
    await happen(rig, victim.userId);
    await eventually(async () => {
      for (const list of ['bots', 'orders', 'fills', 'positions', 'balances', 'activity', `bots/${botId}/cycles`]) {
        const { body } = await rig.ask('GET', `/v1/${list}`, { token: victim.token });
        expect([list, body.data.length]).toEqual([list, expect.any(Number)]);
        expect(body.data.length).toBeGreaterThan(0);
      }
    });
  });
  afterAll(() => rig.close());

  const path = (route: AnyRoute) =>
    route.path.replace(':id', botId).replace(':verb', 'stop').replace(':clientOrderId', clientOrderId);

  it.each(ownRoutes.map((route) => [route.method, route.path, route] as const))(
    '%s %s needs a log-in',
    async (method, _, route) => {
      const body = method === 'GET' || method === 'DELETE' ? undefined : (bodies[route.path] ?? {});
      for (const token of [undefined, 'not.a.token']) {
        const answered = await rig.ask(method, path(route), { token, body });
        expect(answered).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
        expect(answered.headers.get('www-authenticate')).toBe('Bearer');
      }
    },
  );

  it.each(ownRoutes.map((route) => [route.method, route.path, route] as const))(
    '%s %s shows a stranger nothing',
    async (method, _, route) => {
      const commandsBefore = rig.services.commands.length;
      const body = method === 'GET' || method === 'DELETE' ? undefined : (bodies[route.path] ?? {});
      const answered = await rig.ask(method, path(route), { token: stranger.token, body });
      const { instance: _instance, ...rest } = typeof answered.body === 'object' ? answered.body : { instance: '' };
      const words = JSON.stringify(rest);
      if (guarded.has(route)) {
        expect(answered).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
        expect(rig.services.commands).toHaveLength(commandsBefore);
      }
      if (answered.status < 300) for (const mark of marks) expect(words).not.toContain(mark);
    },
  );

  it('the owner does get at all of it', async () => {
    for (const route of guarded.keys()) {
      if (route.method !== 'GET') continue;
      expect((await rig.ask('GET', path(route), { token: victim.token })).status).toBe(200);
    }
  });

  it('every route is either public on purpose or guarded', () => {
    expect(publicRoutes.map(({ method, path: pattern }) => `${method} ${pattern}`)).toEqual([
      'GET /v1/setup',
      'POST /v1/setup',
      'POST /v1/auth/login',
      'POST /v1/auth/refresh',
      'POST /v1/auth/logout',
      'GET /v1/version',
    ]);
    expect(new Set(routeTable.map(({ method, path: pattern }) => `${method} ${pattern}`)).size).toBe(routeTable.length);
  });

  describe('a filter by the bot of somebody else', () => {
    it.each(['orders', 'fills', 'activity'])('finds no %s', async (list) => {
      const { body } = await rig.ask('GET', `/v1/${list}?bot=${botId}`, { token: stranger.token });
      expect(body.data).toEqual([]);
    });
  });
});

/** One of everything that a user can own. */
async function happen(rig: GatewayRig, userId: UserId): Promise<void> {
  const { strategy, execution } = rig.speakers;
  const request = anOrderRequest({ clientOrderId, userId, botId });
  const fill = aFill({ clientOrderId, tradeId: TradeId.of('victims-trade') });
  const order = anOrder({ request, status: 'accepted', version: 3 });
  await execution.bus.send(orderChanged, { meta: meta(), order, event: { kind: 'filled', fill } });
  await strategy.bus.send(cycleCompleted, { meta: meta(), userId, cycle: aCycle({ botId }), amends: false });
  await strategy.bus.send(activityLogged, {
    meta: meta(),
    activity: anActivity({ userId, botId, text: 'victims-secret-line' }),
  });
  const account = anAccount({ id: AccountId.of('demo') });
  const positions = [aPosition({ accountId: account.id, botId, instrumentId: InstrumentId.of('sim', 'BTC-USDT') })];
  await execution.bus.send(accountChanged, { meta: meta(), account, balances: [aBalance()], positions });
}
