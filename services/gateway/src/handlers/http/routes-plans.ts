import { get, post, remove } from './route-builder.js';
import * as form from './schemas.js';
import * as plans from './schemas-plans.js';

/** Orders that belong together. */
export const planRoutes = {
  listOrderPlans: get('/v1/order-plans', {
    summary: 'My order plans, newest first',
    access: 'viewer',
    query: plans.planQuery,
    reply: form.listOf(plans.planRow),
  }),
  createOrderPlan: post('/v1/order-plans', {
    summary:
      'Plan orders that belong together: OCO, bracket, TWAP or iceberg; the risk gate judges each when it is due',
    access: 'trader',
    body: plans.newPlanBody,
    status: 202,
    reply: plans.planRow,
  }),
  getOrderPlan: get('/v1/order-plans/:plan', {
    summary: 'One order plan with its orders',
    access: 'viewer',
    params: plans.planParams,
    reply: plans.planRow,
  }),
  cancelOrderPlan: remove('/v1/order-plans/:plan', {
    summary: 'Cancel an order plan with everything of it that works, also its stop',
    access: 'trader',
    params: plans.planParams,
    status: 202,
    reply: plans.planRow,
  }),
} as const;
