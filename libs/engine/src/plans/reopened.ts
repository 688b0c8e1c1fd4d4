import { isPlanOver, type Order } from '@scalpstorm/model';
import { absorbOrders } from './children.js';
import type { Plan } from './plan.js';

/**
 * A plan that was over, and of whose orders more was filled than it knew: a venue may tell a fill after the end. It is decided once more
 * with that fill, so what is held after all gets its stop, and what was given back too often is told. Itself when nothing is new.
 */
export function reopened(plan: Plan, orders: ReadonlyMap<string, Order>): Plan {
  if (!isPlanOver(plan.status)) return plan;
  const isLate = plan.children.some(({ clientOrderId, filled }) => {
    const order = orders.get(clientOrderId);
    return order !== undefined && order.filledQuantity > filled;
  });
  return isLate ? { ...absorbOrders(plan, orders), status: 'working', reason: null } : plan;
}
