import type { FlatPosition } from '@scalpstorm/contracts';
import { type Plan, unclosedOf } from '@scalpstorm/engine';
import { type Order, PlanId, type Position, Quantity, type Reason } from '@scalpstorm/model';

/** Whose something is that is open, and why: what a proof of flat says of each row. Its codes have their next step in the gateway. */

export const placedElsewhere: Reason = {
  code: 'PLACED_ELSEWHERE',
  text: 'nobody placed it here, so nobody here cancels it without being asked',
};

export const planIdOf = (clientOrderId: string): PlanId | null => PlanId.slotOf(clientOrderId)?.planId ?? null;

export function whyWorks({ status, cancelReason, request }: Order): Reason {
  if (status === 'sending' || status === 'unknown')
    return { code: 'ANSWER_AWAITED', text: `whether the venue has it is not known yet (${status})` };
  if (cancelReason !== null)
    return { code: 'CANCEL_UNDER_WAY', text: `its cancel (${cancelReason}) is not confirmed yet` };
  if (request.purpose === 'close')
    return { code: 'CLOSES', text: 'it closes what is held; only level flatten ends it' };
  return {
    code: 'NOT_CANCELED',
    text: 'no halt that cancels is in force over it, or it was placed before one was heard',
  };
}

type Held = Pick<Position, 'botId' | 'instrumentId' | 'quantity'>;

/**
 * What is held, by whom: what no bot holds is split into what open brackets see to themselves, and the rest, which was ordered by hand or is
 * left of plans that are over.
 * @param why of what is held by hand; null: nobody closes it
 */
export function heldRows(position: Held, plans: readonly Plan[], why: Reason | null): readonly FlatPosition[] {
  const { botId, instrumentId, quantity } = position;
  if (botId !== null) return quantity === 0n ? [] : [{ instrumentId, botId, planId: null, quantity, ...ofBot }];
  const brackets = plans.filter(({ terms, instrumentId: of }) => terms.kind === 'bracket' && of === instrumentId);
  const ofPlans = brackets.flatMap((plan): readonly FlatPosition[] => {
    const net = Quantity.fromUnits(plan.terms.side === 'buy' ? unclosedOf(plan) : -unclosedOf(plan));
    const row = { instrumentId, botId, planId: plan.id, quantity: net };
    return net === 0n ? [] : [{ ...row, ...(plan.halted === 'flatten' ? (plan.reason ?? closing) : ofPlan) }];
  });
  const rest = ofPlans.reduce((left, row) => Quantity.minus(left, row.quantity), quantity);
  const byHand = { instrumentId, botId, planId: null, quantity: rest, ...(rest < 0n ? sold : (why ?? ofHand)) };
  return rest === 0n ? ofPlans : [...ofPlans, byHand];
}

const ofBot: Reason = { code: 'BOT_HOLDS', text: 'its bot closes it when it obeys a flatten' };
const ofPlan: Reason = { code: 'PLAN_HOLDS', text: 'its plan sees to it; only level flatten closes it' };
const ofHand: Reason = { code: 'NOTHING_CLOSES_IT', text: 'no halt of level flatten is in force over it' };
const closing: Reason = { code: 'CLOSING', text: 'an order that closes it is on its way' };
const sold: Reason = {
  code: 'SOLD_MORE_THAN_BOUGHT',
  text: 'more was sold by hand than was bought here, so nothing of it is held; it is not bought back',
};
