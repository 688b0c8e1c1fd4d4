import { Controller } from '@nestjs/common';
import { OrderPlans } from '../../use-cases/order-plans.js';
import { openOf, pageOf } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class PlansHandler {
  constructor(private readonly plans: OrderPlans) {}

  @Serves(routes.listOrderPlans)
  list(@Asked() call: Call<typeof routes.listOrderPlans>): Promise<ReplyOf<typeof routes.listOrderPlans>> {
    return this.plans.list(call.user.userId, openOf(call.query.status), pageOf(call.query));
  }

  @Serves(routes.createOrderPlan)
  create(@Asked() call: Call<typeof routes.createOrderPlan>): Promise<ReplyOf<typeof routes.createOrderPlan>> {
    return this.plans.create(call, call.body);
  }

  @Serves(routes.getOrderPlan)
  get(@Asked() call: Call<typeof routes.getOrderPlan>): Promise<ReplyOf<typeof routes.getOrderPlan>> {
    return this.plans.get(call.user.userId, call.params.plan);
  }

  @Serves(routes.cancelOrderPlan)
  cancel(@Asked() call: Call<typeof routes.cancelOrderPlan>): Promise<ReplyOf<typeof routes.cancelOrderPlan>> {
    return this.plans.cancel(call, call.params.plan);
  }
}
