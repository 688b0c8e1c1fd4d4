import { BacktestService } from '@scalpstorm/contracts/api';
import { openOf, pageOf } from '../http/paging.js';
import { routes } from '../http/routes.js';
import { as, type GrpcMethod, on } from './grpc-method.js';

const { method } = BacktestService;

/** What is worked out apart from trading. */
export const backtestMethods: readonly GrpcMethod[] = [
  on(
    routes.listBacktests,
    method.listBacktests,
  )(({ backtests }, { user, query }) => backtests.list(user.userId, openOf(query.status), pageOf(query))),
  on(routes.runBacktest, method.runBacktest)(({ backtests }, call) => backtests.run(call, call.body), as('backtest')),
  on(routes.getBacktest, method.getBacktest)(
    ({ backtests }, { user, params }) => backtests.get(user.userId, params.job),
    as('backtest'),
  ),
  on(routes.cancelBacktest, method.cancelBacktest)(
    ({ backtests }, call) => backtests.cancel(call, call.params.job),
    as('backtest'),
  ),
  on(
    routes.listBacktestEquity,
    method.listBacktestEquity,
  )(({ backtests }, { user, params, query }) => backtests.equity(user.userId, params.job, pageOf(query))),
  on(
    routes.listBacktestTrades,
    method.listBacktestTrades,
  )(({ backtests }, { user, params, query }) => backtests.trades(user.userId, params.job, pageOf(query))),
];
