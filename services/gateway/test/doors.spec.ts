import { type DescMethodUnary, fromJson, type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { accountChanged, activityLogged, orderChanged } from '@scalpstorm/contracts';
import {
  ActivityService,
  BotService,
  MarketService,
  OrderService,
  PortfolioService,
  RiskService,
  StrategyService,
  UserService,
} from '@scalpstorm/contracts/api';
import { BotId, ClientOrderId, TradeId, type UserId } from '@scalpstorm/model';
import {
  aBot,
  aFill,
  anAccount,
  anActivity,
  anOrder,
  anOrderRequest,
  describeWithServers,
  eventually,
} from '@scalpstorm/testkit';
import { grpcMethods } from '../src/handlers/grpc/grpc-methods.js';
import { grpcStatusOf } from '../src/handlers/grpc/grpc-problems.js';
import { GatewayRig, meta } from './gateway-rig.js';
import { type GrpcAnswer, GrpcClient } from './grpc-client.js';

const bot = BotId.of('bot_doors001');
const strange = 'bot_doors999';
const clientOrderId = ClientOrderId.forSlot({ botId: bot, cycle: 0, leg: 'entry', attempt: 1 });
const newBot = {
  name: 'Storm',
  strategy: 'scalping-cycle',
  account: 'demo',
  venue: 'sim',
  symbol: 'BTC-USDT',
  mode: 'demo',
  parameters: { quantity: '0.001', levels: [1, 2], nested: { on: true } },
};

/** One line of the table: how it is asked over HTTP, how over gRPC. */
interface Asked {
  readonly what: string;
  readonly http: readonly [method: string, path: string, body?: unknown];
  readonly rpc: DescMethodUnary;
  readonly grpc: JsonObject;
  /** What both must say. */
  readonly status: number;
  readonly code?: string;
  readonly as?: 'owner' | 'viewer' | 'other' | 'nobody' | 'reader' | 'elsewhere';
  /** Where gRPC keeps the row that HTTP gives bare. */
  readonly field?: string;
}

const { method: bots } = BotService;
const { method: orders } = OrderService;
const { method: portfolio } = PortfolioService;
const { method: risk } = RiskService;
const { method: strategies } = StrategyService;
const { method: activity } = ActivityService;

const good: readonly Asked[] = [
  { what: 'who am I', http: ['GET', '/v1/me'], rpc: UserService.method.getMe, grpc: {}, status: 200, field: 'user' },
  { what: 'my bots', http: ['GET', '/v1/bots'], rpc: bots.listBots, grpc: {}, status: 200 },
  { what: 'a page of one', http: ['GET', '/v1/bots?limit=1'], rpc: bots.listBots, grpc: { limit: 1 }, status: 200 },
  { what: 'one bot', http: ['GET', `/v1/bots/${bot}`], rpc: bots.getBot, grpc: { id: bot }, status: 200, field: 'bot' },
  {
    what: 'its cycles',
    http: ['GET', `/v1/bots/${bot}/cycles`],
    rpc: bots.listBotCycles,
    grpc: { id: bot },
    status: 200,
  },
  { what: 'my orders', http: ['GET', '/v1/orders'], rpc: orders.listOrders, grpc: {}, status: 200 },
  {
    what: 'its open orders',
    http: ['GET', `/v1/orders?bot=${bot}&status=open`],
    rpc: orders.listOrders,
    grpc: { bot, status: 'open' },
    status: 200,
  },
  { what: 'my fills', http: ['GET', '/v1/fills'], rpc: orders.listFills, grpc: {}, status: 200 },
  { what: 'positions', http: ['GET', '/v1/positions'], rpc: portfolio.listPositions, grpc: {}, status: 200 },
  { what: 'balances', http: ['GET', '/v1/balances'], rpc: portfolio.listBalances, grpc: {}, status: 200 },
  { what: 'accounts', http: ['GET', '/v1/accounts'], rpc: portfolio.listAccounts, grpc: {}, status: 200 },
  {
    what: 'the log',
    http: ['GET', '/v1/activity?level=INFO'],
    rpc: activity.listActivity,
    grpc: { level: 'INFO' },
    status: 200,
  },
  { what: 'strategies', http: ['GET', '/v1/strategies'], rpc: strategies.listStrategies, grpc: {}, status: 200 },
  {
    what: 'one strategy',
    http: ['GET', '/v1/strategies/scalping-cycle'],
    rpc: strategies.getStrategy,
    grpc: { id: 'scalping-cycle' },
    status: 200,
    field: 'strategy',
  },
  { what: 'instruments', http: ['GET', '/v1/instruments'], rpc: strategies.listInstruments, grpc: {}, status: 200 },
  { what: 'another’s list', http: ['GET', '/v1/bots'], rpc: bots.listBots, grpc: {}, status: 200, as: 'other' },
  { what: 'limits', http: ['GET', '/v1/risk/limits'], rpc: risk.listRiskLimits, grpc: {}, status: 200 },
  { what: 'prices', http: ['GET', '/v1/prices'], rpc: MarketService.method.listPrices, grpc: {}, status: 200 },
  {
    what: 'candles',
    http: ['GET', '/v1/candles?instrument=sim:BTC-USDT&timeframe=1m'],
    rpc: MarketService.method.listCandles,
    grpc: { instrument: 'sim:BTC-USDT', timeframe: '1m' },
    status: 200,
  },
];

const bad: readonly Asked[] = [
  {
    what: 'without a token',
    http: ['GET', '/v1/bots'],
    rpc: bots.listBots,
    grpc: {},
    status: 401,
    code: 'UNAUTHENTICATED',
    as: 'nobody',
  },
  {
    what: 'a limit of 501',
    http: ['GET', '/v1/bots?limit=501'],
    rpc: bots.listBots,
    grpc: { limit: 501 },
    status: 422,
    code: 'VALIDATION_FAILED',
  },
  {
    what: 'a limit of 0',
    http: ['GET', '/v1/fills?limit=0'],
    rpc: orders.listFills,
    grpc: { limit: 0 },
    status: 422,
    code: 'VALIDATION_FAILED',
  },
  {
    what: 'no cursor',
    http: ['GET', '/v1/orders?after=DROP'],
    rpc: orders.listOrders,
    grpc: { after: 'DROP' },
    status: 422,
    code: 'VALIDATION_FAILED',
  },
  {
    what: 'no such status',
    http: ['GET', '/v1/orders?status=odd'],
    rpc: orders.listOrders,
    grpc: { status: 'odd' },
    status: 422,
    code: 'VALIDATION_FAILED',
  },
  {
    what: 'no such level',
    http: ['GET', '/v1/activity?level=loud'],
    rpc: activity.listActivity,
    grpc: { level: 'loud' },
    status: 422,
    code: 'VALIDATION_FAILED',
  },
  {
    what: 'a bot that is none',
    http: ['GET', `/v1/bots/${strange}`],
    rpc: bots.getBot,
    grpc: { id: strange },
    status: 404,
    code: 'NOT_FOUND',
  },
  {
    what: 'an id that is none',
    http: ['GET', '/v1/bots/1'],
    rpc: bots.getBot,
    grpc: { id: '1' },
    status: 404,
    code: 'NOT_FOUND',
  },
  {
    what: 'another’s bot',
    http: ['GET', `/v1/bots/${bot}`],
    rpc: bots.getBot,
    grpc: { id: bot },
    status: 404,
    code: 'NOT_FOUND',
    as: 'other',
  },
  {
    what: 'another’s bot, started',
    http: ['POST', `/v1/bots/${bot}/start`, {}],
    rpc: bots.startBot,
    grpc: { id: bot },
    status: 404,
    code: 'NOT_FOUND',
    as: 'other',
  },
  {
    what: 'another’s order',
    http: ['GET', `/v1/orders/${clientOrderId}`],
    rpc: orders.getOrder,
    grpc: { clientOrderId },
    status: 404,
    code: 'NOT_FOUND',
    as: 'other',
  },
  {
    what: 'a viewer who starts',
    http: ['POST', `/v1/bots/${bot}/start`, {}],
    rpc: bots.startBot,
    grpc: { id: bot },
    status: 403,
    code: 'FORBIDDEN',
    as: 'viewer',
  },
  {
    what: 'a viewer who halts',
    http: ['POST', '/v1/halt', {}],
    rpc: risk.halt,
    grpc: {},
    status: 403,
    code: 'FORBIDDEN',
    as: 'viewer',
  },
  {
    what: 'an empty bot',
    http: ['POST', '/v1/bots', {}],
    rpc: bots.createBot,
    grpc: {},
    status: 422,
    code: 'VALIDATION_FAILED',
  },
  {
    what: 'a symbol that is none',
    http: ['POST', '/v1/bots', { ...newBot, symbol: 'btc' }],
    rpc: bots.createBot,
    grpc: { ...newBot, symbol: 'btc' },
    status: 422,
    code: 'VALIDATION_FAILED',
  },
  {
    what: 'another’s account',
    http: ['POST', '/v1/bots', newBot],
    rpc: bots.createBot,
    grpc: newBot,
    status: 422,
    code: 'VALIDATION_FAILED',
    as: 'other',
  },
  {
    what: 'an edit of nothing',
    http: ['PATCH', `/v1/bots/${bot}`, {}],
    rpc: bots.editBot,
    grpc: { id: bot },
    status: 422,
    code: 'VALIDATION_FAILED',
  },
  {
    what: 'a NUL',
    http: ['POST', '/v1/halt', { text: '\0' }],
    rpc: risk.halt,
    grpc: { text: '\0' },
    status: 422,
    code: 'VALIDATION_FAILED',
  },
  {
    what: 'no such halt',
    http: ['POST', '/v1/halt', { level: 'odd' }],
    rpc: risk.halt,
    grpc: { level: 'odd' },
    status: 422,
    code: 'VALIDATION_FAILED',
  },
  {
    what: 'an order that is none',
    http: ['DELETE', '/v1/orders/nonsense1'],
    rpc: orders.cancelOrder,
    grpc: { clientOrderId: 'nonsense1' },
    status: 404,
    code: 'NOT_FOUND',
  },
  {
    what: 'no such strategy',
    http: ['GET', '/v1/strategies/odd'],
    rpc: strategies.getStrategy,
    grpc: { id: 'odd' },
    status: 404,
    code: 'NOT_FOUND',
  },
];

describeWithServers('the doors of the gateway on real servers', (servers) => {
  let rig: GatewayRig;
  let client: GrpcClient;
  let userId: UserId;
  const tokens: Record<string, string | undefined> = {};

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    client = new GrpcClient(rig.gateway.grpcAddress ?? '');
    const owner = await rig.setUp();
    userId = owner.userId;
    tokens['owner'] = owner.token;
    tokens['viewer'] = (await rig.addUser(owner.token, 'viewer@example.com', 'viewer')).token;
    tokens['other'] = (await rig.addUser(owner.token, 'other@example.com')).token;
    await fill();
  });
  afterAll(async () => {
    client.close();
    await rig.close();
  });

  /** Something to read: two bots, an order with a fill, holdings and a line of the log. */
  async function fill(): Promise<void> {
    await rig.announce(aBot({ id: bot, userId }));
    await rig.announce(aBot({ id: BotId.of('bot_doors002'), userId }));
    const { bus } = rig.speakers.execution;
    const request = anOrderRequest({ userId, clientOrderId, botId: bot });
    const fillEvent = aFill({ clientOrderId, tradeId: TradeId.of('t1') });
    await bus.send(orderChanged, {
      meta: meta(),
      order: anOrder({ request, status: 'partially-filled', version: 1 }),
      event: { kind: 'filled', fill: fillEvent },
    });
    await bus.send(accountChanged, { meta: meta(), account: anAccount(), balances: [], positions: [] });
    const line = anActivity({ userId, botId: bot, level: 'INFO' });
    await rig.speakers.strategy.bus.send(activityLogged, { meta: meta(), activity: line });
    const token = tokens['owner'] ?? '';
    await eventually(async () => {
      for (const path of ['/v1/fills', '/v1/activity', '/v1/orders']) {
        expect((await rig.ask('GET', path, { token })).body.data).toHaveLength(1);
      }
      expect((await rig.ask('GET', '/v1/bots', { token })).body.data).toHaveLength(2);
    });
  }

  async function both({ http, rpc, grpc, as = 'owner' }: Asked, metadata: Readonly<Record<string, string>> = {}) {
    const token = tokens[as];
    const asking = token === undefined ? {} : { token };
    const [method, path, body] = http;
    const overHttp = await rig.ask(method, path, { ...asking, body, headers: metadata });
    const overGrpc: GrpcAnswer<unknown> = await client.call(rpc, fromJson(rpc.input, grpc), { ...asking, metadata });
    return { overHttp, overGrpc };
  }

  it('the table asks for every call that reads', () => {
    const reads = grpcMethods.filter(({ route }) => route.method === 'GET').map(({ rpc }) => rpc.name);
    const asked = new Set([...good, ...bad].map(({ rpc }) => rpc.name));
    const asksElsewhere = ['GetTradingState', 'GetRiskState'];
    expect(reads.filter((name) => !asked.has(name) && !asksElsewhere.includes(name))).toEqual([]);
  });

  it.each(good.map((asked) => [asked.what, asked] as const))('%s: the same answer', async (_, asked) => {
    const { overHttp, overGrpc } = await both(asked);
    expect([overHttp.status, overGrpc.code]).toEqual([asked.status, 0]);
    const body = (asked.field === undefined ? overHttp.body : { [asked.field]: overHttp.body }) as JsonValue;
    // Read strictly: a field of HTTP that the proto does not have would throw.
    const expected = fromJson(asked.rpc.output, body);
    expect(toJson(asked.rpc.output, overGrpc.reply as typeof expected)).toEqual(toJson(asked.rpc.output, expected));
  });

  it.each(bad.map((asked) => [asked.what, asked] as const))('%s: the same refusal', async (_, asked) => {
    const { overHttp, overGrpc } = await both(asked);
    expect(overHttp).toMatchObject({ status: asked.status, body: { code: asked.code } });
    expect(overGrpc.code).toBe(grpcStatusOf(asked.status));
    expect(overGrpc.trailers.get('scalpstorm-code')).toEqual([asked.code]);
    const { status, code, title, detail, errors, type } = overHttp.body;
    expect(JSON.parse(JSON.stringify(overGrpc.problem))).toMatchObject({ status, code, title, detail, errors, type });
  });

  it.each(['start', 'pause', 'resume', 'stop', 'flatten'] as const)('%s is the same command', async (verb) => {
    const asked = {
      http: ['POST', `/v1/bots/${bot}/${verb}`, {}],
      rpc: bots[`${verb}Bot`],
      grpc: { id: bot },
    } as const;
    const before = rig.services.commands.length;
    const { overHttp, overGrpc } = await both({ ...asked, what: verb, status: 202 });
    expect([overHttp.status, overGrpc.code]).toEqual([202, 0]);
    const [first, second] = rig.services.commands.slice(before).map(({ commandId: _, ...command }) => command);
    expect(first).toMatchObject({ kind: 'verb', verb, botId: bot, userId });
    expect(second).toEqual(first);
  });

  it('a bot is created, edited and deleted by the same commands', async () => {
    const before = rig.services.commands.length;
    const created = await both({
      what: '',
      http: ['POST', '/v1/bots', newBot],
      rpc: bots.createBot,
      grpc: newBot,
      status: 201,
    });
    const { warnings, ...row } = created.overHttp.body as JsonObject;
    expect(() => fromJson(bots.createBot.output, { bot: row ?? null, warnings: warnings ?? [] })).not.toThrow();
    const ids = [created.overHttp.body.id, (created.overGrpc.reply as { bot: { id: string } }).bot.id];
    const change = { name: 'Calm', parameters: { quantity: '0.002', levels: null } };
    const token = tokens['owner'] ?? '';
    await rig.ask('PATCH', `/v1/bots/${ids[0]}`, { token, body: change });
    const edit = fromJson(bots.editBot.input, { id: ids[1], ...change } as JsonObject);
    expect((await client.call(bots.editBot, edit, { token })).code).toBe(0);
    await rig.ask('DELETE', `/v1/bots/${ids[0]}`, { token });
    expect((await client.call(bots.deleteBot, { id: ids[1] ?? '' }, { token })).code).toBe(0);
    const commands = rig.services.commands.slice(before).map(({ commandId: _, ...command }) => command);
    const bare = commands.map((command) => ({ ...command, botId: undefined }));
    expect(bare.map(({ kind }) => kind)).toEqual(['create', 'create', 'edit', 'edit', 'delete', 'delete']);
    for (const index of [0, 2, 4]) expect(bare[index + 1]).toEqual(bare[index]);
  });

  it('an idempotency key of one door is known at the other', async () => {
    const key = { 'idempotency-key': 'doors-1' };
    const before = rig.services.commands.length;
    const { overHttp, overGrpc } = await both(
      { what: '', http: ['POST', `/v1/bots/${bot}/pause`, {}], rpc: bots.pauseBot, grpc: { id: bot }, status: 202 },
      key,
    );
    expect(rig.services.commands).toHaveLength(before + 1);
    expect(overGrpc.trailers.get('idempotent-replayed')).toEqual(['true']);
    expect((overGrpc.reply as { bot: { version: number } }).bot.version).toBe(overHttp.body.version);
    const other = await both(
      { what: '', http: ['POST', `/v1/bots/${bot}/stop`, {}], rpc: bots.stopBot, grpc: { id: bot }, status: 409 },
      key,
    );
    expect(other.overHttp).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(other.overGrpc.trailers.get('scalpstorm-code')).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  });

  it('the state of trading, a halt and a release are told alike', async () => {
    const token = tokens['owner'] ?? '';
    const halt = await client.call(risk.halt, { text: 'storm' }, { token });
    expect(halt.reply).toMatchObject({
      tradingState: { state: 'halted', text: 'storm' },
      level: 'halt',
      scope: 'mine',
    });
    expect(rig.services.riskCommands.at(-1)).toMatchObject({ kind: 'halt', userId, text: 'storm' });
    expect((await client.call(risk.release, {}, { token })).reply).toMatchObject({ tradingState: { state: 'active' } });
    const both = await client.call(risk.getRiskState, {}, { token });
    expect(both.reply).toMatchObject({ binding: { state: 'active' }, platform: { state: 'active' } });
    const state = await client.call(risk.getTradingState, {}, { token });
    expect(state.reply).toMatchObject({ tradingState: { state: 'active' } });
  });

  it('a key of a program passes both doors as far as its scopes go, and from where it may', async () => {
    const key = async (body: object) => {
      const wanted = { label: 'test', expiresAt: null, allowedAddresses: [], ...body };
      return (await rig.ask('POST', '/v1/api-keys', { token: tokens['owner'] ?? '', body: wanted })).body.key as string;
    };
    tokens['reader'] = await key({ scopes: ['read'] });
    tokens['elsewhere'] = await key({ scopes: ['read'], allowedAddresses: ['10.1.2.3'] });
    const reads = { what: '', http: ['GET', '/v1/bots'], rpc: bots.listBots, grpc: {}, status: 200 } as const;
    const starts = {
      ...reads,
      http: ['POST', `/v1/bots/${bot}/start`, {}],
      rpc: bots.startBot,
      grpc: { id: bot },
    } as const;
    for (const [asked, as, status, code] of [
      [reads, 'reader', 200, []],
      [starts, 'reader', 403, ['SCOPE_MISSING']],
      [reads, 'elsewhere', 403, ['ADDRESS_NOT_ALLOWED']],
    ] as const) {
      const { overHttp, overGrpc } = await both({ ...asked, as });
      expect([overHttp.status, overGrpc.code]).toEqual([status, status === 200 ? 0 : grpcStatusOf(status)]);
      expect(overGrpc.trailers.get('scalpstorm-code')).toEqual(code);
    }
  });

  it('a service that does not answer is told with the time after which a repeat makes sense', async () => {
    const obey = rig.services.onBot;
    rig.services.onBot = () => Promise.reject(new Error('broken'));
    const { overHttp, overGrpc } = await both({
      what: '',
      http: ['POST', `/v1/bots/${bot}/start`, {}],
      rpc: bots.startBot,
      grpc: { id: bot },
      status: 503,
    });
    rig.services.onBot = obey;
    expect(overHttp).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
    expect([overGrpc.code, overGrpc.trailers.get('retry-after')]).toEqual([grpcStatusOf(503), ['2']]);
  });
});
