import type { OrderPlan } from '@scalpstorm/contracts';
import type { Plan } from '@scalpstorm/engine';

/** A plan as others see it. */
export const planView = ({ plan, sequence }: { readonly plan: Plan; readonly sequence: bigint }): OrderPlan => ({
  id: plan.id,
  sequence,
  userId: plan.userId,
  accountId: plan.accountId,
  mode: plan.mode,
  instrumentId: plan.instrumentId,
  terms: plan.terms,
  status: plan.status,
  reason: plan.reason,
  orders: plan.children.map(({ clientOrderId, leg, quantity, filled, state, code }) => ({
    clientOrderId,
    leg,
    quantity,
    filledQuantity: filled,
    state,
    code,
  })),
  createdAt: plan.createdAt,
  updatedAt: plan.updatedAt,
});
