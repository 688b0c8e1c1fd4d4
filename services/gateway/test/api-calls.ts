import { accountChanged, activityLogged, cycleCompleted, orderChanged } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, BotId, ClientOrderId, InstrumentId, Money, Price, TradeId, type UserId } from '@scalpstorm/model';
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
  eventually,
} from '@scalpstorm/testkit';
import type { AnyRoute } from '../src/handlers/http/route.js';
import { routes } from '../src/handlers/http/routes.js';
import { backtestOf, testable } from './fake-backtests.js';
import { certificateJobOf, examinable } from './fake-certificates.js';
import { optimisationOf, searchable } from './fake-optimisations.js';
import { plannable, planOf } from './fake-plans.js';
import { type Answered, failedDeliveryOf, type GatewayRig, linkOf, meta, password } from './gateway-rig.js';

/** One of everything that a user can own, by its id. */
export interface Belongings {
  readonly userId: UserId;
  readonly token: string;
  readonly bot: BotId;
  readonly order: ClientOrderId;
  readonly venueAccount: string;
  readonly apiKey: string;
  readonly session: string;
}

export interface ApiCall {
  readonly method: AnyRoute['method'];
  readonly path: string;
  readonly body?: unknown;
}

export type OperationId = keyof typeof routes;
export const operationIds = Object.keys(routes) as readonly OperationId[];
export const routeOf = (id: OperationId): AnyRoute => routes[id] as unknown as AnyRoute;

/** The account that the bots of the first user trade at; nobody was given it. */
export const demoAccount = 'demo';

let logins = 0;

/** A call of every operation that succeeds for the owner; the compiler asks for new ones. */
const calls: Readonly<Record<OperationId, (mine: Belongings) => Omit<ApiCall, 'method'> & { path?: string }>> = {
  setupState: () => ({ path: '' }),
  setUp: () => ({ path: '', body: { token: 'wrong', email: 'x@example.com', password } }),
  logIn: () => ({ path: '', body: { email: 'owner@example.com', password } }),
  refresh: () => ({ path: '', body: { refreshToken: 'replaced by the spec' } }),
  logOut: () => ({ path: '', body: { refreshToken: 'unknown' } }),
  me: () => ({ path: '' }),
  // Refused, so that nobody is logged out.
  changePassword: () => ({ path: '', body: { currentPassword: password, newPassword: 'short' } }),
  listSessions: () => ({ path: '' }),
  endSession: ({ session }) => ({ path: `/v1/sessions/${session}` }),
  editUser: ({ userId }) => ({ path: `/v1/users/${userId}`, body: { disabled: false } }),
  createUser: () => {
    logins += 1;
    return { path: '', body: { email: `made${logins}@example.com`, password, role: 'viewer' } };
  },
  listUsers: () => ({ path: '' }),
  listBots: () => ({ path: '' }),
  createBot: () => ({
    path: '',
    body: {
      name: 'A',
      strategy: 'scalping-cycle',
      account: demoAccount,
      venue: 'sim',
      symbol: 'BTC-USDT',
      mode: 'demo',
      parameters: {},
    },
  }),
  getBot: () => ({ path: '' }),
  editBot: () => ({ path: '', body: { name: 'B' } }),
  deleteBot: () => ({ path: '' }),
  commandBot: () => ({ path: '' }),
  listBotCycles: () => ({ path: '' }),
  listBotJournal: () => ({ path: '' }),
  listBotOrders: () => ({ path: '' }),
  listBotFills: () => ({ path: '' }),
  listOrders: () => ({ path: '' }),
  placeOrder: () => ({
    path: '',
    body: { account: demoAccount, symbol: 'BTC-USDT', side: 'buy', type: 'limit', quantity: '0.001', price: '100' },
  }),
  getOrder: () => ({ path: '' }),
  cancelOrder: () => ({ path: '' }),
  listFills: () => ({ path: '' }),
  listPositions: () => ({ path: '' }),
  closePosition: ({ bot }) => ({ path: '', body: { bot } }),
  listBalances: () => ({ path: '' }),
  listAccounts: () => ({ path: '' }),
  listActivity: () => ({ path: '' }),
  listStrategies: () => ({ path: '' }),
  getStrategy: () => ({ path: '/v1/strategies/scalping-cycle' }),
  listInstruments: () => ({ path: '' }),
  listCandles: () => ({ path: '/v1/candles?instrument=sim:BTC-USDT&timeframe=1m' }),
  listPrices: () => ({ path: '' }),
  reconciliation: () => ({ path: '' }),
  reconcile: () => ({ path: '' }),
  compareOnly: () => ({ path: '' }),
  listAccountStates: () => ({ path: '' }),
  listDifferences: () => ({ path: '' }),
  listExternalOrders: () => ({ path: '' }),
  listOrderPlans: () => ({ path: '' }),
  createOrderPlan: () => ({ path: '', body: plannable.oco }),
  getOrderPlan: ({ userId }) => ({ path: `/v1/order-plans/${planOf(userId)}` }),
  cancelOrderPlan: ({ userId }) => ({ path: `/v1/order-plans/${planOf(userId)}` }),
  decideExternalOrder: () => ({ path: '/v1/reconciliation/external-orders/1', body: { decision: 'ignore' } }),
  tradingState: () => ({ path: '' }),
  listDeadMen: () => ({ path: '' }),
  setDeadMan: () => ({ path: '', body: { seconds: 60 } }),
  removeDeadMan: () => ({ path: '' }),
  haltProof: () => ({ path: '' }),
  halt: () => ({ path: '', body: { text: 'storm' } }),
  release: () => ({ path: '', body: {} }),
  listAuditRecords: () => ({ path: '' }),
  listAnomalies: () => ({ path: '' }),
  listAuditChains: () => ({ path: '' }),
  verifyAuditChain: () => ({ path: '', body: { service: 'gateway', chain: 'access' } }),
  riskLimits: () => ({ path: '' }),
  setRiskLimits: ({ bot }) => ({
    path: '',
    body: { scope: `bot:${bot}`, limits: { RISK_ORDER_NOTIONAL_MAX: '500' }, text: 'small steps' },
  }),
  riskState: () => ({ path: '' }),
  setRiskState: ({ bot }) => ({ path: '', body: { scope: `bot:${bot}`, state: 'reducing', text: 'calm down' } }),
  listVenueAccounts: () => ({ path: '' }),
  listVenueOffers: () => ({ path: '' }),
  addVenueAccount: () => ({ path: '', body: { label: 'Mine', venue: 'sim', mode: 'demo', apiKey: 'k', secret: 's' } }),
  getVenueAccount: ({ venueAccount }) => ({ path: `/v1/venue-accounts/${venueAccount}` }),
  editVenueAccount: ({ venueAccount }) => ({ path: `/v1/venue-accounts/${venueAccount}`, body: { label: 'C' } }),
  rotateVenueAccount: ({ venueAccount }) => ({
    path: `/v1/venue-accounts/${venueAccount}/rotate`,
    body: { apiKey: 'k2', secret: 's2' },
  }),
  commandVenueAccount: ({ venueAccount }) => ({ path: `/v1/venue-accounts/${venueAccount}/test`, body: {} }),
  removeVenueAccount: ({ venueAccount }) => ({ path: `/v1/venue-accounts/${venueAccount}` }),
  listApiKeys: () => ({ path: '' }),
  createApiKey: () => ({ path: '', body: { label: 'robot', scopes: ['read'] } }),
  revokeApiKey: ({ apiKey }) => ({ path: `/v1/api-keys/${apiKey}` }),
  notifications: () => ({ path: '' }),
  setNotificationPreferences: () => ({ path: '', body: { timeZone: 'Europe/Berlin' } }),
  linkTelegram: () => ({ path: '' }),
  unlinkTelegram: ({ userId }) => ({ path: `/v1/notifications/telegram/${linkOf(userId)}` }),
  setNotificationEmail: () => ({ path: '', body: { address: 'me@example.com' } }),
  verifyNotificationEmail: () => ({ path: '', body: { code: 'ABCDEFGH23' } }),
  removeNotificationEmail: () => ({ path: '' }),
  setNotificationWebhook: () => ({ path: '', body: { url: 'https://hooks.example.com/' } }),
  removeNotificationWebhook: () => ({ path: '' }),
  testNotification: () => ({ path: '', body: { channel: 'telegram' } }),
  retryNotification: ({ userId }) => ({ path: `/v1/notifications/failed/${failedDeliveryOf(userId)}/retry` }),
  listBacktests: () => ({ path: '' }),
  runBacktest: () => ({ path: '', body: testable }),
  getBacktest: ({ userId }) => ({ path: `/v1/backtests/${backtestOf(userId)}` }),
  cancelBacktest: ({ userId }) => ({ path: `/v1/backtests/${backtestOf(userId)}/cancel` }),
  listBacktestEquity: ({ userId }) => ({ path: `/v1/backtests/${backtestOf(userId)}/equity` }),
  listBacktestTrades: ({ userId }) => ({ path: `/v1/backtests/${backtestOf(userId)}/trades` }),
  listCertificates: () => ({ path: '' }),
  requestCertificate: () => ({ path: '', body: examinable }),
  getCertificate: ({ userId }) => ({ path: `/v1/certificates/${certificateJobOf(userId)}` }),
  listOptimisations: () => ({ path: '' }),
  runOptimisation: () => ({ path: '', body: searchable }),
  getOptimisation: ({ userId }) => ({ path: `/v1/optimisations/${optimisationOf(userId)}` }),
  cancelOptimisation: ({ userId }) => ({ path: `/v1/optimisations/${optimisationOf(userId)}/cancel` }),
  cancelCertificate: ({ userId }) => ({ path: `/v1/certificates/${certificateJobOf(userId)}/cancel` }),
  version: () => ({ path: '' }),
  createStreamTicket: () => ({ path: '' }),
};

export function callOf(id: OperationId, mine: Belongings): ApiCall {
  const route = routeOf(id);
  const { path, body } = calls[id](mine);
  const filled = route.path.replace(':id', mine.bot).replace(':verb', 'stop').replace(':clientOrderId', mine.order);
  return { method: route.method, path: path === '' ? filled : (path ?? filled), body };
}

export const send = (rig: GatewayRig, call: ApiCall, token?: string): Promise<Answered> =>
  rig.ask(call.method, call.path, { token, body: call.body });

let owners = 0;

/** A user’s bot, order, venue account and key, as the other services would have told of them. */
export async function settle(rig: GatewayRig, user: { token: string; userId: UserId }): Promise<Belongings> {
  owners += 1;
  const { userId, token } = user;
  const bot = BotId.of(`bot_own${String(owners).padStart(5, '0')}`);
  const order = ClientOrderId.forSlot({ botId: bot, cycle: 0, leg: 'entry', attempt: 0 });
  await rig.announce(aBot({ id: bot, userId, version: 1 }));
  const { strategy, execution } = rig.speakers;
  const request = anOrderRequest({ clientOrderId: order, userId, botId: bot });
  const fill = aFill({ clientOrderId: order, tradeId: TradeId.of(`trade-${owners}`) });
  await execution.bus.send(orderChanged, {
    meta: meta(),
    order: anOrder({ request, status: 'accepted', version: 3 }),
    event: { kind: 'filled', fill },
  });
  const fee = Money.of('0.01', 'BNB');
  const priced = { price: Price.of('600'), at: Timestamp.fromMillis(1_700_000_000_000) };
  const otherFees = [
    { fee, value: Money.of('6', 'USDT'), priced },
    { fee, value: null, priced: null },
  ];
  const cycle = aCycle({ botId: bot, otherFees });
  await strategy.bus.send(cycleCompleted, { meta: meta(), userId, cycle, amends: false });
  await strategy.bus.send(activityLogged, {
    meta: meta(),
    activity: anActivity({ userId, botId: bot, text: `secret-line-of-${bot}` }),
  });
  const account = anAccount({ id: AccountId.of(demoAccount) });
  const positions = [
    aPosition({ accountId: account.id, botId: bot, instrumentId: InstrumentId.of('sim', 'BTC-USDT') }),
  ];
  await execution.bus.send(accountChanged, { meta: meta(), account, balances: [aBalance()], positions });
  const venueAccount = await rig.ask('POST', '/v1/venue-accounts', {
    token,
    body: { label: `of-${bot}`, venue: 'sim', mode: 'demo', apiKey: 'key', secret: `planted-secret-of-${bot}` },
  });
  const session = `session-of-${bot}`;
  await rig.sql(`insert into refresh_tokens (hash, session_id, user_id, issued_at, expires_at, session_ends_at)
    values ('hash-of-${bot}', '${session}', '${userId}', 1, 9000000000000000, 9000000000000000)`);
  const apiKey = await rig.ask('POST', '/v1/api-keys', { token, body: { label: `of-${bot}`, scopes: ['read'] } });
  await eventually(async () => {
    for (const list of [`bots/${bot}/cycles`, `bots/${bot}/orders`, `bots/${bot}/fills`, `activity?bot=${bot}`]) {
      const { body } = await rig.ask('GET', `/v1/${list}`, { token });
      if (!(body.data?.length > 0)) throw new Error(`${list} is empty`);
    }
  });
  return { userId, token, bot, order, venueAccount: venueAccount.body.id, apiKey: apiKey.body.id, session };
}
