import { Controller } from '@nestjs/common';
import { Trading } from '../../use-cases/trading.js';
import { openOf, pageOf, whole } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class TradingHandler {
  constructor(private readonly trading: Trading) {}

  @Serves(routes.listOrders)
  orders(@Asked() call: Call<typeof routes.listOrders>): Promise<ReplyOf<typeof routes.listOrders>> {
    const filter = { bot: call.query.bot ?? null, open: openOf(call.query.status) };
    return this.trading.orders(call.user.userId, filter, pageOf(call.query));
  }

  @Serves(routes.placeOrder)
  place(@Asked() call: Call<typeof routes.placeOrder>): Promise<ReplyOf<typeof routes.placeOrder>> {
    return this.trading.place(call, call.body);
  }

  @Serves(routes.getOrder)
  order(@Asked() call: Call<typeof routes.getOrder>): Promise<ReplyOf<typeof routes.getOrder>> {
    return this.trading.order(call.user.userId, call.params.clientOrderId);
  }

  @Serves(routes.cancelOrder)
  cancel(@Asked() call: Call<typeof routes.cancelOrder>): Promise<ReplyOf<typeof routes.cancelOrder>> {
    return this.trading.cancel(call, call.params.clientOrderId);
  }

  @Serves(routes.listFills)
  fills(@Asked() call: Call<typeof routes.listFills>): Promise<ReplyOf<typeof routes.listFills>> {
    return this.trading.fills(call.user.userId, call.query.bot ?? null, pageOf(call.query));
  }

  @Serves(routes.listPositions)
  async positions(@Asked() call: Call<typeof routes.listPositions>): Promise<ReplyOf<typeof routes.listPositions>> {
    return whole(await this.trading.positions(call.user.userId));
  }

  @Serves(routes.listBalances)
  async balances(@Asked() call: Call<typeof routes.listBalances>): Promise<ReplyOf<typeof routes.listBalances>> {
    return whole(await this.trading.balances(call.user.userId));
  }

  @Serves(routes.listActivity)
  activity(@Asked() call: Call<typeof routes.listActivity>): Promise<ReplyOf<typeof routes.listActivity>> {
    const filter = { bot: call.query.bot ?? null, level: call.query.level ?? null };
    return this.trading.activity(call.user.userId, filter, pageOf(call.query));
  }
}
