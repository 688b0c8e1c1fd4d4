import { get, post, remove } from './route-builder.js';
import * as form from './schemas.js';
import * as bots from './schemas-bots.js';
import * as orders from './schemas-orders.js';
import * as trading from './schemas-trading.js';

/** Orders, fills, holdings and the log. */
export const tradingRoutes = {
  listOrders: get('/v1/orders', {
    summary: 'My orders, newest first',
    access: 'viewer',
    query: trading.orderQuery,
    reply: form.listOf(trading.orderRow),
  }),
  placeOrder: post('/v1/orders', {
    summary: 'Order by hand: asks the risk gate, as a bot does; GET and the stream tell what becomes of it',
    access: 'trader',
    body: orders.newOrderBody,
    status: 202,
    reply: trading.orderRow,
  }),
  getOrder: get('/v1/orders/:clientOrderId', {
    summary: 'One order with what happened to it, oldest first',
    access: 'viewer',
    params: trading.orderParams,
    reply: trading.orderWithEvents,
  }),
  cancelOrder: remove('/v1/orders/:clientOrderId', {
    summary: 'Cancel an open order by hand',
    access: 'trader',
    params: trading.orderParams,
    status: 202,
    reply: trading.orderRow,
  }),
  listFills: get('/v1/fills', {
    summary: 'My fills, newest first',
    access: 'viewer',
    query: trading.tradingQuery,
    reply: form.listOf(trading.fillRow),
  }),
  listPositions: get('/v1/positions', {
    summary: 'What my fills add up to',
    access: 'viewer',
    reply: form.listOf(trading.positionRow),
  }),
  closePosition: post('/v1/positions/close', {
    summary: 'Sell or buy back what a bot holds, and stop it',
    access: 'trader',
    body: trading.closeBody,
    status: 202,
    reply: bots.botRow,
  }),
  listBalances: get('/v1/balances', {
    summary: 'What the venue says I hold',
    access: 'viewer',
    reply: form.listOf(trading.balanceRow),
  }),
  listAccounts: get('/v1/accounts', {
    summary: 'My accounts',
    access: 'viewer',
    reply: form.listOf(trading.accountRow),
  }),
  listActivity: get('/v1/activity', {
    summary: 'The log, newest first',
    access: 'viewer',
    query: trading.activityQuery,
    reply: form.listOf(trading.activityRow),
  }),
} as const;
