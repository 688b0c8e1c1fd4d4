import { OrderPlanService } from '@scalpstorm/contracts/api';
import { openOf, pageOf } from '../http/paging.js';
import { routes } from '../http/routes.js';
import { as, type GrpcMethod, on } from './grpc-method.js';

const { method } = OrderPlanService;

/** Orders that belong together. */
export const planMethods: readonly GrpcMethod[] = [
  on(
    routes.listOrderPlans,
    method.listOrderPlans,
  )(({ orderPlans }, { user, query }) => orderPlans.list(user.userId, openOf(query.status), pageOf(query))),
  on(routes.createOrderPlan, method.createOrderPlan)(
    ({ orderPlans }, call) => orderPlans.create(call, call.body),
    as('plan'),
  ),
  on(routes.getOrderPlan, method.getOrderPlan)(
    ({ orderPlans }, { user, params }) => orderPlans.get(user.userId, params.plan),
    as('plan'),
  ),
  on(routes.cancelOrderPlan, method.cancelOrderPlan)(
    ({ orderPlans }, call) => orderPlans.cancel(call, call.params.plan),
    as('plan'),
  ),
];
