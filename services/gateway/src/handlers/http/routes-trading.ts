import { get, post, remove } from './route-builder.js';
import * as form from './schemas.js';

/** Orders, fills, holdings and the log. */
export const tradingRoutes = {
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
  reconcile: get('/v1/reconciliation', {
    summary: 'Compare my books with the venues now',
    access: 'viewer',
    reply: form.reconciliationReply,
  }),
} as const;
