import { ActivityService, OrderService, PortfolioService } from '@scalpstorm/contracts/api';
import { openOf, pageOf, whole } from '../http/paging.js';
import { routes } from '../http/routes.js';
import { as, beside, type GrpcMethod, on } from './grpc-method.js';

const { method: order } = OrderService;
const { method: portfolio } = PortfolioService;

/** Orders, fills, holdings and the log. */
export const tradingMethods: readonly GrpcMethod[] = [
  on(
    routes.listOrders,
    order.listOrders,
  )(({ trading }, { user, query }) => {
    const filter = { bot: query.bot ?? null, open: openOf(query.status) };
    return trading.orders(user.userId, filter, pageOf(query));
  }),
  on(routes.placeOrder, order.placeOrder)(({ trading }, call) => trading.place(call, call.body), as('order')),
  on(routes.getOrder, order.getOrder)(
    ({ trading }, { user, params }) => trading.order(user.userId, params.clientOrderId),
    beside('order', 'events'),
  ),
  on(routes.cancelOrder, order.cancelOrder)(
    ({ trading }, call) => trading.cancel(call, call.params.clientOrderId),
    as('order'),
  ),
  on(
    routes.listFills,
    order.listFills,
  )(({ trading }, { user, query }) => trading.fills(user.userId, query.bot ?? null, pageOf(query))),
  on(
    routes.listPositions,
    portfolio.listPositions,
  )(async ({ trading }, { user }) => whole(await trading.positions(user.userId))),
  on(routes.closePosition, portfolio.closePosition)(({ bots }, call) => bots.close(call, call.body.bot), as('bot')),
  on(
    routes.listBalances,
    portfolio.listBalances,
  )(async ({ trading }, { user }) => whole(await trading.balances(user.userId))),
  on(
    routes.listAccounts,
    portfolio.listAccounts,
  )(async ({ platform }, { user }) => whole(await platform.accounts(user.userId))),
  on(
    routes.listActivity,
    ActivityService.method.listActivity,
  )(({ trading }, { user, query }) => {
    const filter = { bot: query.bot ?? null, level: query.level ?? null };
    return trading.activity(user.userId, filter, pageOf(query));
  }),
];
