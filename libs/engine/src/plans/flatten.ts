import { Quantity } from '@scalpstorm/model';
import { afterFailure, noteOf, over, replaceChild, sumsOf, withChild } from './children.js';
import { isLive, type Plan, type PlanLook } from './plan.js';
import { isViable, withStatus } from './protect.js';

/**
 * Closes at the market what was held when it began, one order after the other. Who began it looks at what is held then, so whatever does
 * not fit any more ends it, and he begins anew: nothing is ever closed by an old number.
 */
export function decideFlatten(before: Plan, { now, prices }: PlanLook): Plan {
  const plan = settled(before, now);
  if (plan.children.some(isLive)) return withStatus(plan, 'working');
  const open = Quantity.fromUnits(plan.terms.quantity - sumsOf(plan).filled);
  const rest = Quantity.floorTo(open, plan.rules.stepSize);
  if (!isViable(plan, rest, prices?.last ?? null)) {
    const text = `${Quantity.format(open)} are left: less than the venue takes`;
    return over(plan, 'done', open > 0n ? { code: 'DUST_LEFT', text } : null, now);
  }
  if (plan.children.at(-1)?.code === 'EXCEEDS_POSITION') {
    const text = 'less is held than when it began: another order has closed it. What is held now is closed anew';
    return over(plan, 'canceled', { code: 'EXCEEDS_POSITION', text }, now);
  }
  if (plan.pauseUntil !== null && now < plan.pauseUntil) return plan;
  return withStatus(withChild(plan, 'exit', Quantity.min(rest, plan.rules.quantityMax), now), 'working');
}

function settled(plan: Plan, now: PlanLook['now']): Plan {
  const child = plan.children.at(-1);
  if (child === undefined || isLive(child) || child.settled) return plan;
  const next = replaceChild(plan, { ...child, settled: true });
  if (child.filled > 0n) return { ...next, failures: 0, pauseUntil: null, reason: null };
  const text = `the next order that closes it is sent by itself; the last one came to nothing ${noteOf(child)}`;
  return afterFailure(next, { code: 'CLOSE_NOT_TAKEN', text }, now);
}
