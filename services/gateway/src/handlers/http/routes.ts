import { botVerbs } from '@scalpstorm/model';
import type { z } from 'zod';
import { venueAccountVerbs } from '../../use-cases/venue-accounts.js';
import * as notices from './notification-schemas.js';
import type { AnyRoute, Route, Tag } from './route.js';
import * as form from './schemas.js';

type Parts<P, Q, B, R> = Pick<Route<P, Q, B, R>, 'summary' | 'access' | 'reply'> & Partial<Route<P, Q, B, R>>;
type Empty = Record<string, never>;

const tagOfFirst: Readonly<Record<string, Tag>> = {
  setup: 'sessions',
  auth: 'sessions',
  me: 'sessions',
  users: 'sessions',
  'api-keys': 'sessions',
  bots: 'bots',
  strategies: 'bots',
  orders: 'trading',
  fills: 'trading',
  positions: 'trading',
  balances: 'trading',
  accounts: 'trading',
  activity: 'trading',
  reconciliation: 'trading',
  instruments: 'markets',
  candles: 'markets',
  prices: 'markets',
  'trading-state': 'risk',
  halt: 'risk',
  release: 'risk',
  risk: 'risk',
  'venue-accounts': 'venue accounts',
  'venue-offers': 'venue accounts',
  notifications: 'notifications',
};
const tagOf = (path: string): Tag => tagOfFirst[path.split('/')[2] ?? ''] ?? 'meta';

function on(method: 'GET' | 'POST' | 'PATCH' | 'DELETE') {
  return <P = Empty, Q = Empty, B = Empty, R = unknown>(path: string, parts: Parts<P, Q, B, R>): Route<P, Q, B, R> => ({
    method,
    path,
    params: form.nothing as unknown as z.ZodType<P>,
    query: form.nothing as unknown as z.ZodType<Q>,
    body: form.nothing as unknown as z.ZodType<B>,
    status: 200,
    idempotent: method !== 'GET',
    personOnly: false,
    secretBody: false,
    tag: tagOf(path),
    ...parts,
  });
}
const get = on('GET');
const post = on('POST');
const patch = on('PATCH');
const remove = on('DELETE');

/** These carry passwords or tokens, so neither they nor their answers are kept for a repeat. */
const secret = { idempotent: false } as const;
/** Not for keys of programs. */
const person = { personOnly: true } as const;
/** A repeat is answered like the first, but nothing of the body is written down. */
const sealed = { secretBody: true, personOnly: true } as const;

/** The whole API. The controllers serve exactly these; documents and clients can be made from them. */
export const routes = {
  setupState: get('/v1/setup', {
    summary: 'Does the first user still have to be set up?',
    access: 'public',
    reply: form.setupState,
  }),
  setUp: post('/v1/setup', {
    summary: 'Create the first user',
    access: 'public',
    body: form.setupBody,
    status: 201,
    reply: form.setupReply,
    ...secret,
  }),
  logIn: post('/v1/auth/login', {
    summary: 'Log in',
    access: 'public',
    body: form.credentials,
    reply: form.sessionReply,
    ...secret,
  }),
  refresh: post('/v1/auth/refresh', {
    summary: 'Get a new access token; the refresh token changes too',
    access: 'public',
    body: form.refreshBody,
    reply: form.sessionReply,
    ...secret,
  }),
  logOut: post('/v1/auth/logout', {
    summary: 'End the session of a refresh token',
    access: 'public',
    body: form.refreshBody,
    status: 204,
    reply: form.noReply,
    ...secret,
  }),
  me: get('/v1/me', { summary: 'Who am I?', access: 'viewer', reply: form.userReply }),
  createUser: post('/v1/users', {
    summary: 'Create another user',
    access: 'admin',
    body: form.newUserBody,
    status: 201,
    reply: form.userReply,
    ...secret,
    ...person,
  }),

  listUsers: get('/v1/users', {
    summary: 'Everybody who may come in',
    access: 'admin',
    ...person,
    reply: form.listOf(form.userReply),
  }),

  listBots: get('/v1/bots', {
    summary: 'My bots, newest first',
    access: 'viewer',
    query: form.pageQuery,
    reply: form.listOf(form.botRow),
  }),
  createBot: post('/v1/bots', {
    summary: 'Create a bot',
    access: 'trader',
    body: form.newBotBody,
    status: 201,
    reply: form.warnedBotRow,
  }),
  getBot: get('/v1/bots/:id', { summary: 'One bot', access: 'viewer', params: form.botParams, reply: form.botRow }),
  editBot: patch('/v1/bots/:id', {
    summary: 'Change the name or parameters; a parameter set to null is removed',
    access: 'trader',
    params: form.botParams,
    body: form.botPatch,
    reply: form.warnedBotRow,
  }),
  deleteBot: remove('/v1/bots/:id', {
    summary: 'Delete a bot',
    access: 'trader',
    params: form.botParams,
    status: 204,
    reply: form.noReply,
  }),
  commandBot: post('/v1/bots/:id/:verb', {
    summary: `Tell a bot to ${botVerbs.join(', ')}`,
    access: 'trader',
    params: form.botVerbParams,
    status: 202,
    reply: form.botRow,
  }),
  listBotCycles: get('/v1/bots/:id/cycles', {
    summary: 'Completed cycles, newest first',
    access: 'viewer',
    params: form.botParams,
    query: form.pageQuery,
    reply: form.listOf(form.cycleRow),
  }),
  listBotOrders: get('/v1/bots/:id/orders', {
    summary: 'Orders of a bot, newest first',
    access: 'viewer',
    params: form.botParams,
    query: form.botOrderQuery,
    reply: form.listOf(form.orderRow),
  }),
  listBotFills: get('/v1/bots/:id/fills', {
    summary: 'Fills of a bot, newest first',
    access: 'viewer',
    params: form.botParams,
    query: form.pageQuery,
    reply: form.listOf(form.fillRow),
  }),

  listOrders: get('/v1/orders', {
    summary: 'My orders, newest first',
    access: 'viewer',
    query: form.orderQuery,
    reply: form.listOf(form.orderRow),
  }),
  getOrder: get('/v1/orders/:clientOrderId', {
    summary: 'One order with what happened to it, oldest first',
    access: 'viewer',
    params: form.orderParams,
    reply: form.orderWithEvents,
  }),
  cancelOrder: remove('/v1/orders/:clientOrderId', {
    summary: 'Cancel an open order by hand',
    access: 'trader',
    params: form.orderParams,
    status: 202,
    reply: form.orderRow,
  }),
  listFills: get('/v1/fills', {
    summary: 'My fills, newest first',
    access: 'viewer',
    query: form.tradingQuery,
    reply: form.listOf(form.fillRow),
  }),
  listPositions: get('/v1/positions', {
    summary: 'What my fills add up to',
    access: 'viewer',
    reply: form.listOf(form.positionRow),
  }),
  closePosition: post('/v1/positions/close', {
    summary: 'Sell or buy back what a bot holds, and stop it',
    access: 'trader',
    body: form.closeBody,
    status: 202,
    reply: form.botRow,
  }),
  listBalances: get('/v1/balances', {
    summary: 'What the venue says I hold',
    access: 'viewer',
    reply: form.listOf(form.balanceRow),
  }),
  listAccounts: get('/v1/accounts', { summary: 'My accounts', access: 'viewer', reply: form.listOf(form.accountRow) }),
  listActivity: get('/v1/activity', {
    summary: 'The log, newest first',
    access: 'viewer',
    query: form.activityQuery,
    reply: form.listOf(form.activityRow),
  }),

  listStrategies: get('/v1/strategies', {
    summary: 'Strategies with the JSON Schema of their parameters',
    access: 'viewer',
    reply: form.listOf(form.strategyRow),
  }),
  getStrategy: get('/v1/strategies/:id', {
    summary: 'One strategy with the JSON Schema of its parameters',
    access: 'viewer',
    params: form.strategyParams,
    reply: form.strategyRow,
  }),
  listInstruments: get('/v1/instruments', {
    summary: 'Instruments with the filters of their venues',
    access: 'viewer',
    reply: form.listOf(form.instrumentRow),
  }),

  listCandles: get('/v1/candles', {
    summary: 'The newest candles of an instrument, oldest first',
    access: 'viewer',
    query: form.candleQuery,
    reply: form.listOf(form.candleRow),
  }),
  listPrices: get('/v1/prices', {
    summary: 'The newest prices of every instrument that is followed',
    access: 'viewer',
    reply: form.listOf(form.priceRow),
  }),

  reconcile: get('/v1/reconciliation', {
    summary: 'Compare my books with the venues now',
    access: 'viewer',
    reply: form.reconciliationReply,
  }),
  tradingState: get('/v1/trading-state', {
    summary: 'May new orders be opened?',
    access: 'viewer',
    reply: form.tradingStateReply,
  }),
  halt: post('/v1/halt', {
    summary: 'Stop all opening orders at once; level cancel stops the bots too, level flatten closes what they hold',
    access: 'trader',
    body: form.haltBody,
    reply: form.haltReply,
  }),
  release: post('/v1/release', {
    summary: 'Allow opening orders again',
    access: 'trader',
    body: form.releaseBody,
    reply: form.tradingStateReply,
  }),
  riskLimits: get('/v1/risk/limits', {
    summary: 'What every order is measured against',
    access: 'viewer',
    reply: form.listOf(form.riskLimitRow),
  }),
  riskState: get('/v1/risk/state', {
    summary: 'What binds me, and the state of the whole platform',
    access: 'viewer',
    reply: form.riskStateReply,
  }),

  listVenueAccounts: get('/v1/venue-accounts', {
    summary: 'The venue accounts that I brought, without their secrets',
    access: 'viewer',
    reply: form.listOf(form.venueAccountRow),
  }),
  listVenueOffers: get('/v1/venue-offers', {
    summary: 'Venues and modes that an account can be added at',
    access: 'viewer',
    reply: form.listOf(form.venueOfferRow),
  }),
  addVenueAccount: post('/v1/venue-accounts', {
    summary: 'Add a venue account; the key is tested first, and is never given back',
    access: 'trader',
    body: form.newVenueAccountBody,
    status: 201,
    reply: form.venueAccountRow,
    ...sealed,
  }),
  getVenueAccount: get('/v1/venue-accounts/:id', {
    summary: 'One venue account, without its secret',
    access: 'viewer',
    params: form.venueAccountParams,
    reply: form.venueAccountRow,
  }),
  editVenueAccount: patch('/v1/venue-accounts/:id', {
    summary: 'Change the label',
    access: 'trader',
    params: form.venueAccountParams,
    body: form.venueAccountPatch,
    reply: form.venueAccountRow,
    ...person,
  }),
  rotateVenueAccount: post('/v1/venue-accounts/:id/rotate', {
    summary: 'Replace key and secret; the new ones are tested first',
    access: 'trader',
    params: form.venueAccountParams,
    body: form.keyAndSecret,
    reply: form.venueAccountRow,
    ...sealed,
  }),
  commandVenueAccount: post('/v1/venue-accounts/:id/:verb', {
    summary: `Tell a venue account to ${venueAccountVerbs.join(', ')}`,
    access: 'trader',
    params: form.venueAccountVerbParams,
    reply: form.venueAccountRow,
    ...person,
  }),
  removeVenueAccount: remove('/v1/venue-accounts/:id', {
    summary: 'Remove a venue account and its secret; its orders and fills stay',
    access: 'trader',
    params: form.venueAccountParams,
    status: 204,
    reply: form.noReply,
    ...person,
  }),

  listApiKeys: get('/v1/api-keys', {
    summary: 'My API keys, newest first, without the keys',
    access: 'viewer',
    query: form.pageQuery,
    reply: form.listOf(form.apiKeyRow),
    ...person,
  }),
  createApiKey: post('/v1/api-keys', {
    summary: 'Create an API key; it is shown this once',
    access: 'viewer',
    body: form.newApiKeyBody,
    status: 201,
    reply: form.newApiKeyReply,
    ...secret,
    ...person,
  }),
  revokeApiKey: remove('/v1/api-keys/:id', {
    summary: 'Revoke an API key at once',
    access: 'viewer',
    params: form.apiKeyParams,
    status: 204,
    reply: form.noReply,
    ...person,
  }),

  notifications: get('/v1/notifications', {
    summary: 'How and about what I am told, and what could not be delivered',
    access: 'viewer',
    reply: notices.profileReply,
  }),
  setNotificationPreferences: patch('/v1/notifications/preferences', {
    summary: 'Change what is told, where and when; what is not named stays',
    access: 'viewer',
    body: notices.preferencesPatch,
    reply: notices.profileReply,
    ...person,
  }),
  linkTelegram: post('/v1/notifications/telegram', {
    summary: 'A code that links a Telegram chat, once, within ten minutes',
    access: 'viewer',
    status: 201,
    reply: notices.linkCodeReply,
    ...secret,
    ...person,
  }),
  unlinkTelegram: remove('/v1/notifications/telegram/:id', {
    summary: 'Unlink a Telegram chat',
    access: 'viewer',
    params: notices.linkParams,
    reply: notices.profileReply,
    ...person,
  }),
  setNotificationEmail: post('/v1/notifications/email', {
    summary: 'Set the e-mail address; a code is sent there',
    access: 'viewer',
    body: notices.emailBody,
    reply: notices.profileReply,
    ...person,
  }),
  verifyNotificationEmail: post('/v1/notifications/email/verify', {
    summary: 'Prove the e-mail address with the code that came there',
    access: 'viewer',
    body: notices.codeBody,
    reply: notices.profileReply,
    ...person,
  }),
  removeNotificationEmail: remove('/v1/notifications/email', {
    summary: 'No more e-mail',
    access: 'viewer',
    reply: notices.profileReply,
    ...person,
  }),
  setNotificationWebhook: post('/v1/notifications/webhook', {
    summary: 'Set the webhook; its secret is shown this once',
    access: 'viewer',
    body: notices.webhookBody,
    reply: notices.webhookReply,
    ...secret,
    ...person,
  }),
  removeNotificationWebhook: remove('/v1/notifications/webhook', {
    summary: 'No more webhook',
    access: 'viewer',
    reply: notices.profileReply,
    ...person,
  }),
  testNotification: post('/v1/notifications/test', {
    summary: 'Send a message to see whether a channel works',
    access: 'viewer',
    body: notices.channelBody,
    reply: notices.profileReply,
    ...person,
  }),
  retryNotification: post('/v1/notifications/failed/:id/retry', {
    summary: 'Try a message again that was given up',
    access: 'viewer',
    params: notices.deliveryParams,
    reply: notices.profileReply,
    ...person,
  }),

  version: get('/v1/version', { summary: 'What runs here, and its time', access: 'public', reply: form.versionReply }),
} as const;

export const routeTable: readonly AnyRoute[] = Object.values(routes) as unknown as readonly AnyRoute[];
