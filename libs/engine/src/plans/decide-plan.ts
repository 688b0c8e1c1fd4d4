import { type Micros, second, type Timestamp } from '@scalpstorm/kernel';
import { isPlanOver, type Order, type PlanLeg } from '@scalpstorm/model';
import { absorbOrders, drop, replaceChild, requestOf } from './children.js';
import { decideCancel, decideFailing, decideHalted, withHalt } from './ending.js';
import { decideFlatten } from './flatten.js';
import { isLive, type Plan, type PlanChild, type PlanDecision, type PlanLook } from './plan.js';
import { decideProtection } from './protect.js';
import { decideIceberg, decideTwap } from './slices.js';

/** A verdict takes milliseconds; whoever asks and hears nothing asks again under the same id. */
const askEvery: Micros = 2 * second;
const askEveryMax: Micros = 16 * second;
/** What opens is not wanted any more when nobody has judged it by then. */
const opensFor: Micros = 30 * second;

/**
 * The next state of a plan, and what has to leave for it. Pure: of the same plan and the same look it is always the same, so whoever
 * comes up after a crash and decides again arrives at the same children under the same ids.
 */
export function decidePlan(before: Plan, look: PlanLook): PlanDecision {
  if (isPlanOver(before.status)) return { plan: before, asks: [], cancels: [] };
  const decided = decideState(withHalt(absorbOrders(before, look.orders), look.halt), look);
  const { plan, asks } = isPlanOver(decided.status) ? { plan: decided, asks: [] } : askAgain(decided, look.now);
  const fresh = plan.children.filter((child) => !isKnown(before, child.clientOrderId) && isLive(child));
  const changed = plan === before ? plan : { ...plan, updatedAt: look.now };
  return {
    plan: changed,
    asks: [...fresh, ...asks].map((child) => ({ request: requestOf(changed, child), ask: child.ask })),
    cancels: changed.children.flatMap((child) => cancelOf(child, look.orders)),
  };
}

const isKnown = (plan: Plan, id: string): boolean => plan.children.some(({ clientOrderId }) => clientOrderId === id);

/** Whoever does not want it any more comes before what is wrong with it, and that before a halt, which only ends what it may. */
function decideState(plan: Plan, look: PlanLook): Plan {
  if (plan.canceling) return decideCancel(plan, look.now);
  if (plan.failing !== null) return decideFailing(plan, plan.failing, look.now);
  const next = decideHalted(plan, look) ?? decideKind(plan, look);
  // What was found wrong just now ends what it must not leave behind with the same version.
  return next.failing === null || isPlanOver(next.status) ? next : decideFailing(next, next.failing, look.now);
}

function decideKind(plan: Plan, look: PlanLook): Plan {
  switch (plan.terms.kind) {
    case 'oco':
    case 'bracket':
      return decideProtection(plan, look);
    case 'twap':
      return decideTwap(plan, plan.terms, look);
    case 'iceberg':
      return decideIceberg(plan, plan.terms, look);
    case 'flatten':
      return decideFlatten(plan, look);
  }
}

/** One whose cancel is at the venue already is looked after there. */
function cancelOf(child: PlanChild, orders: ReadonlyMap<string, Order>): PlanDecision['cancels'] {
  const { dropping: reason, clientOrderId } = child;
  if (reason === null || !isLive(child) || orders.get(clientOrderId)?.status === 'pending-cancel') return [];
  return [{ clientOrderId, reason }];
}

const opens: ReadonlySet<PlanLeg> = new Set(['entry', 'slice']);

/** The bus may have lost the question or the answer: an id that was judged before gets its first verdict. */
function askAgain(plan: Plan, now: Timestamp): { readonly plan: Plan; readonly asks: readonly PlanChild[] } {
  const asks: PlanChild[] = [];
  let next = plan;
  for (const child of plan.children) {
    if (child.state !== 'asked' || child.dropping !== null) continue;
    if (opens.has(child.leg) && now - child.createdAt > opensFor) {
      next = drop(next, child, 'manual');
      continue;
    }
    const wait = Math.min(askEveryMax, askEvery * 2 ** Math.min(child.ask - 1, 4));
    if (now - child.askedAt < wait) continue;
    const again = { ...child, ask: child.ask + 1, askedAt: now };
    asks.push(again);
    next = replaceChild(next, again);
  }
  return { plan: next, asks };
}
