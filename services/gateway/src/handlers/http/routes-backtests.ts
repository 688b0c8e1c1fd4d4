import { get, post } from './route-builder.js';
import * as form from './schemas.js';
import * as backtests from './schemas-backtests.js';
import * as jobs from './schemas-jobs.js';

/** What is worked out apart from trading. */
export const backtestRoutes = {
  listBacktests: get('/v1/backtests', {
    summary: 'My backtests, newest first',
    access: 'viewer',
    query: jobs.jobQuery,
    reply: form.listOf(backtests.backtestRow),
  }),
  runBacktest: post('/v1/backtests', {
    summary: 'Queue a backtest over the candles of a venue',
    access: 'trader',
    body: backtests.newBacktestBody,
    status: 202,
    reply: backtests.backtestRow,
  }),
  getBacktest: get('/v1/backtests/:job', {
    summary: 'One backtest; its summary when it is done',
    access: 'viewer',
    params: jobs.jobParams,
    reply: backtests.backtestRow,
  }),
  cancelBacktest: post('/v1/backtests/:job/cancel', {
    summary: 'End a backtest that waits or runs',
    access: 'trader',
    params: jobs.jobParams,
    status: 202,
    reply: backtests.backtestRow,
  }),
  listBacktestEquity: get('/v1/backtests/:job/equity', {
    summary: 'Equity at the closes, oldest first',
    access: 'viewer',
    params: jobs.jobParams,
    query: backtests.equityQuery,
    reply: form.listOf(backtests.equityRow),
  }),
  listBacktestTrades: get('/v1/backtests/:job/trades', {
    summary: 'Round trips, oldest first',
    access: 'viewer',
    params: jobs.jobParams,
    query: form.pageQuery,
    reply: form.listOf(backtests.backtestTradeRow),
  }),
} as const;
