import { exitSideOf, type Plan, uncoveredOf } from '@scalpstorm/engine';

/** What a plan holds without a stop at work; null: nothing. */
export function uncoveredStop(plan: Plan) {
  const { id: planId, userId, accountId, instrumentId, reason } = plan;
  const quantity = uncoveredOf(plan);
  const why = reason?.text ?? 'its stop does not work yet';
  const of = { accountId, instrumentId, botId: null, planId, side: exitSideOf(plan) };
  return quantity > 0n ? { ...of, userId, quantity, why } : null;
}
