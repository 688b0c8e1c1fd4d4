import { Controller } from '@nestjs/common';
import { Backtests } from '../../use-cases/backtests.js';
import { openOf, pageOf } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class BacktestsHandler {
  constructor(private readonly backtests: Backtests) {}

  @Serves(routes.listBacktests)
  list(@Asked() call: Call<typeof routes.listBacktests>): Promise<ReplyOf<typeof routes.listBacktests>> {
    return this.backtests.list(call.user.userId, openOf(call.query.status), pageOf(call.query));
  }

  @Serves(routes.runBacktest)
  run(@Asked() call: Call<typeof routes.runBacktest>): Promise<ReplyOf<typeof routes.runBacktest>> {
    return this.backtests.run(call, call.body);
  }

  @Serves(routes.getBacktest)
  get(@Asked() call: Call<typeof routes.getBacktest>): Promise<ReplyOf<typeof routes.getBacktest>> {
    return this.backtests.get(call.user.userId, call.params.job);
  }

  @Serves(routes.cancelBacktest)
  cancel(@Asked() call: Call<typeof routes.cancelBacktest>): Promise<ReplyOf<typeof routes.cancelBacktest>> {
    return this.backtests.cancel(call, call.params.job);
  }

  @Serves(routes.listBacktestEquity)
  equity(@Asked() call: Call<typeof routes.listBacktestEquity>): Promise<ReplyOf<typeof routes.listBacktestEquity>> {
    return this.backtests.equity(call.user.userId, call.params.job, pageOf(call.query));
  }

  @Serves(routes.listBacktestTrades)
  trades(@Asked() call: Call<typeof routes.listBacktestTrades>): Promise<ReplyOf<typeof routes.listBacktestTrades>> {
    return this.backtests.trades(call.user.userId, call.params.job, pageOf(call.query));
  }
}
