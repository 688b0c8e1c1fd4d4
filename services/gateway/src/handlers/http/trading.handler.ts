import { Controller } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { cancelRequested } from '@scalpstorm/contracts';
import { AccountId, ClientOrderId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { ProblemRaised, problems } from '../../domain/problem.js';
import { ReadModel } from '../../ports/read-model.js';
import { openOf, pageOf, whole } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

/** Orders, fills, holdings and the log of the user who asks. */
@Controller()
export class TradingHandler {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
    private readonly clock: WallClock,
  ) {}

  @Serves(routes.listOrders)
  async orders(@Asked() call: Call<typeof routes.listOrders>): Promise<ReplyOf<typeof routes.listOrders>> {
    const filter = { bot: call.query.bot ?? null, open: openOf(call.query.status) };
    return this.readModel.orders(call.user.userId, filter, pageOf(call.query));
  }

  @Serves(routes.cancelOrder)
  async cancel(@Asked() call: Call<typeof routes.cancelOrder>): Promise<ReplyOf<typeof routes.cancelOrder>> {
    const order = await this.readModel.order(call.user.userId, call.params.clientOrderId);
    if (order === null) throw new ProblemRaised(problems.notFound('order'));
    if (order.final) throw new ProblemRaised(problems.orderFinal(order.status));
    const event = {
      meta: newMeta(this.clock, null),
      accountId: AccountId.of(order.account),
      clientOrderId: ClientOrderId.of(order.clientOrderId),
      reason: 'manual' as const,
    };
    await this.bus.send(cancelRequested, event, `cancel:${call.commandId}`);
    return order;
  }

  @Serves(routes.listFills)
  async fills(@Asked() call: Call<typeof routes.listFills>): Promise<ReplyOf<typeof routes.listFills>> {
    return this.readModel.fills(call.user.userId, call.query.bot ?? null, pageOf(call.query));
  }

  @Serves(routes.listPositions)
  async positions(@Asked() call: Call<typeof routes.listPositions>): Promise<ReplyOf<typeof routes.listPositions>> {
    const holdings = await this.readModel.holdings(call.user.userId);
    return whole(holdings.flatMap((account) => account.positions));
  }

  @Serves(routes.listBalances)
  async balances(@Asked() call: Call<typeof routes.listBalances>): Promise<ReplyOf<typeof routes.listBalances>> {
    const holdings = await this.readModel.holdings(call.user.userId);
    return whole(holdings.flatMap((account) => account.balances));
  }

  @Serves(routes.listActivity)
  async activity(@Asked() call: Call<typeof routes.listActivity>): Promise<ReplyOf<typeof routes.listActivity>> {
    const filter = { bot: call.query.bot ?? null, level: call.query.level ?? null };
    return this.readModel.activity(call.user.userId, filter, pageOf(call.query));
  }
}
