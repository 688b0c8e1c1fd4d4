import type { DescMethodUnary, JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ActivityService,
  ApiKeyService,
  BotService,
  NotificationService,
  OrderService,
  RiskService,
  SessionService,
  StrategyService,
  UserService,
  VenueAccountService,
} from '@scalpstorm/contracts/api';
import { BotId } from '@scalpstorm/model';
import { aBot, describeWithServers, eventually } from '@scalpstorm/testkit';
import { grpcStatusOf } from '../src/handlers/grpc/grpc-problems.js';
import { type AnsweredTwice, BothDoors, expectSameRefusal } from './both-doors.js';
import { GatewayRig, type Member, password } from './gateway-rig.js';

const bot = BotId.of('bot_doors001');
const newBot = {
  name: 'Storm',
  strategy: 'scalping-cycle',
  account: 'demo',
  venue: 'sim',
  symbol: 'BTC-USDT',
  mode: 'demo',
  parameters: { quantity: '0.001' },
};
const { method: bots } = BotService;
const { method: orders } = OrderService;
const { method: risk } = RiskService;
const { method: keys } = ApiKeyService;
const { method: accounts } = VenueAccountService;
const { method: notice } = NotificationService;
const { method: session } = SessionService;

const account = { label: 'Mine', venue: 'sim', mode: 'live', apiKey: 'k', secret: 's' };
const newcomer = { email: 'new@example.com', password, role: 'viewer' };
const past = '2001-01-01T00:00:00Z';

/** What is asked; how over HTTP; how over gRPC. A missing message has the fields of the body. */
type Line = readonly [
  what: string,
  http: readonly [method: string, path: string, body?: JsonObject],
  rpc: DescMethodUnary,
  grpc?: JsonObject,
];

const invalid: readonly Line[] = [
  ...['0001-01-01T00:00:00Z', '2999-01-01T00:00:00Z', '9999-12-31T23:59:59Z'].map(
    (expiresAt): Line => [
      `a key that ends in ${expiresAt.slice(0, 4)}`,
      ['POST', '/v1/api-keys', { label: 'x', scopes: ['read'], expiresAt }],
      keys.createApiKey,
    ],
  ),
  ['a limit of 501', ['GET', '/v1/bots?limit=501'], bots.listBots, { limit: 501 }],
  ['a limit of 0', ['GET', '/v1/fills?limit=0'], orders.listFills, { limit: 0 }],
  ['no cursor', ['GET', '/v1/orders?after=DROP'], orders.listOrders, { after: 'DROP' }],
  ['no such status', ['GET', '/v1/orders?status=odd'], orders.listOrders, { status: 'odd' }],
  ['no such level', ['GET', '/v1/activity?level=loud'], ActivityService.method.listActivity, { level: 'loud' }],
  ['an empty bot', ['POST', '/v1/bots', {}], bots.createBot],
  ['a symbol that is none', ['POST', '/v1/bots', { ...newBot, symbol: 'btc' }], bots.createBot],
  ['an edit of nothing', ['PATCH', `/v1/bots/${bot}`, {}], bots.editBot, { id: bot }],
  ['a NUL', ['POST', '/v1/halt', { text: '\0' }], risk.halt],
  ['no such halt', ['POST', '/v1/halt', { level: 'odd' }], risk.halt],
  ['live by accident', ['POST', '/v1/venue-accounts', account], accounts.addVenueAccount],
  ['no such scope', ['POST', '/v1/api-keys', { label: 'x', scopes: ['odd'] }], keys.createApiKey],
  ['no such channel', ['POST', '/v1/notifications/test', { channel: 'pigeon' }], notice.testChannel],
  ['a short password', ['POST', '/v1/users', { ...newcomer, password: 'short' }], UserService.method.createUser],
  ['no such role', ['POST', '/v1/users', { ...newcomer, role: 'king' }], UserService.method.createUser],
  ['no e-mail', ['POST', '/v1/auth/login', { email: 'x', password: 'y' }], session.logIn],
];
const missing: readonly Line[] = [
  ['a bot that is none', ['GET', '/v1/bots/bot_doors999'], bots.getBot, { id: 'bot_doors999' }],
  ['an id that is none', ['GET', '/v1/bots/1'], bots.getBot, { id: '1' }],
  ['orders of no bot', ['GET', '/v1/bots/bot_doors999/orders'], orders.listBotOrders, { id: 'bot_doors999' }],
  ['an order that is none', ['DELETE', '/v1/orders/nonsense1'], orders.cancelOrder, { clientOrderId: 'nonsense1' }],
  ['no such strategy', ['GET', '/v1/strategies/odd'], StrategyService.method.getStrategy, { id: 'odd' }],
  ['a key that is none', ['DELETE', '/v1/api-keys/key_1'], keys.revokeApiKey, { id: 'key_1' }],
];
const others: readonly (readonly [status: number, code: string, line: Line])[] = [
  [
    401,
    'WRONG_CREDENTIALS',
    ['a stranger', ['POST', '/v1/auth/login', { email: 'n@example.com', password }], session.logIn],
  ],
  [
    401,
    'REFRESH_TOKEN_REFUSED',
    ['a session that is none', ['POST', '/v1/auth/refresh', { refreshToken: 'x' }], session.refresh],
  ],
  [
    409,
    'ALREADY_SET_UP',
    ['a second set-up', ['POST', '/v1/setup', { token: 't', email: 'n@example.com', password }], session.setUp],
  ],
  [
    409,
    'EMAIL_TAKEN',
    ['a user twice', ['POST', '/v1/users', { ...newcomer, email: 'owner@example.com' }], UserService.method.createUser],
  ],
  [
    422,
    'EXPIRY_PAST',
    ['a dead key', ['POST', '/v1/api-keys', { label: 'x', scopes: ['read'], expiresAt: past }], keys.createApiKey],
  ],
];
const table: readonly (readonly [what: string, status: number, code: string, line: Line])[] = [
  ...invalid.map((line) => [line[0], 422, 'VALIDATION_FAILED', line] as const),
  ...missing.map((line) => [line[0], 404, 'NOT_FOUND', line] as const),
  ...others.map(([status, code, line]) => [line[0], status, code, line] as const),
];

describeWithServers('refusals at both doors, on real servers', (servers) => {
  let rig: GatewayRig;
  let doors: BothDoors;
  let owner: Member;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    doors = new BothDoors(rig);
    owner = await rig.setUp();
    await rig.announce(aBot({ id: bot, userId: owner.userId }));
    await eventually(async () =>
      expect((await rig.ask('GET', `/v1/bots/${bot}`, { token: owner.token })).status).toBe(200),
    );
  });
  afterAll(async () => {
    doors.close();
    await rig.close();
  });

  it.each(table)('%s is a %s %s', async (_, status, code, [, http, rpc, grpc]) => {
    const answered = await doors.ask({ http, rpc, grpc: grpc ?? http[2] ?? {} }, { token: owner.token });
    expectSameRefusal(answered, { status, code });
  });

  it('an account of somebody else is none', async () => {
    const other = await rig.addUser(owner.token, 'other@example.com');
    const asked = { http: ['POST', '/v1/bots', newBot], rpc: bots.createBot, grpc: newBot } as const;
    expectSameRefusal(await doors.ask(asked, other), { status: 422, code: 'VALIDATION_FAILED' });
  });

  it('a service that does not answer is told with the time after which a repeat makes sense', async () => {
    const obey = rig.services.onBot;
    rig.services.onBot = () => Promise.reject(new Error('broken'));
    const asked = { http: ['POST', `/v1/bots/${bot}/start`, {}], rpc: bots.startBot, grpc: { id: bot } } as const;
    const answered = await doors.ask(asked, owner);
    rig.services.onBot = obey;
    expectSameRefusal(answered, { status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(answered.overGrpc.trailers.get('retry-after')).toEqual(['2']);
  });

  describe('guesses', () => {
    it('at one door count at the other', async () => {
      const guess = { email: 'guessed@example.com', password: 'not the password' };
      let counted: AnsweredTwice | null = null;
      // Once more when the window of the throttle ended in between.
      for (let round = 0; round < 3 && counted?.overHttp.status !== 429; round += 1) {
        let overGrpc = await doors.overGrpc(session.logIn, guess);
        while (overGrpc.code !== grpcStatusOf(429)) overGrpc = await doors.overGrpc(session.logIn, guess);
        counted = { overHttp: await rig.ask('POST', '/v1/auth/login', { body: guess }), overGrpc };
      }
      expect(counted?.overHttp).toMatchObject({ status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } });
      expect(counted?.overGrpc.trailers.get('scalpstorm-code')).toEqual(['TOO_MANY_ATTEMPTS']);
    });
  });
});
