import type { Timestamp } from '@scalpstorm/kernel';
import type { CancelReason, Reason } from '@scalpstorm/model';
import { drop, over, sumsOf } from './children.js';
import { type EndingLevel, isLive, type Plan, type PlanChild, type PlanLook } from './plan.js';

/** What ends a plan from outside: its user, a halt, or that nobody can say any more what became of its orders. */

/** Somebody does not want it any more: everything that works is canceled, also what protects, and that is said. */
export function decideCancel(plan: Plan, now: Timestamp): Plan {
  const dropped = dropAll(plan, 'manual');
  if (dropped.children.some(isLive)) return dropped;
  const { opened, closed } = sumsOf(dropped);
  const bare = dropped.terms.kind === 'bracket' && opened + closed !== 0n;
  const text = bare ? 'it was canceled, and what it had opened is held without a stop' : 'it was canceled';
  return over(dropped, 'canceled', { code: 'PLAN_CANCELED', text }, now);
}

/** The plan with the halt that it has met; a milder one, and a release, take nothing back. */
export function withHalt(plan: Plan, halt: EndingLevel | null): Plan {
  // What closes for a halt lives as long as that is in force, see `decideHalted`.
  if (halt === null || plan.terms.kind === 'flatten' || plan.halted === halt || plan.halted === 'flatten') return plan;
  return { ...plan, halted: halt };
}

/**
 * What a halt makes of it: what would open ends, and at level flatten everything that only carries out a wish, also a stop that rests
 * for somebody else's fills, because one order closes those. A bracket sees to its own: it loses its entry, and keeps its stop until the
 * close of what it holds is sent (`decideProtection`). What closes goes on while nothing that closes could be sent in its stead. Null: it goes on.
 */
export function decideHalted(plan: Plan, { halt, now, mayClose }: PlanLook): Plan | null {
  const { terms, halted } = plan;
  if (terms.kind === 'flatten') return halt === 'flatten' ? null : decideReleased(plan, now);
  if (halted === null || terms.kind === 'bracket') return null;
  if (terms.purpose === 'close' && (halted === 'cancel' || !mayClose)) return null;
  const dropped = dropAll(plan, halted === 'flatten' ? 'flatten' : 'halt');
  return dropped.children.some(isLive) ? dropped : over(dropped, 'canceled', haltedReason(halted), now);
}

export const haltedReason = (level: EndingLevel): Reason => ({
  code: 'PLAN_HALTED',
  text: `a halt of level ${level} has ended it; plan anew when trading is released`,
});

function decideReleased(plan: Plan, now: Timestamp): Plan {
  const dropped = dropAll(plan, 'manual');
  if (dropped.children.some(isLive)) return dropped;
  const text =
    'trading was released before everything was closed; halt again at level flatten, or close the rest by hand';
  return over(dropped, 'canceled', { code: 'PLAN_CANCELED', text }, now);
}

/**
 * It can not be carried on. What opens ends first, and what nobody has judged is taken back, so that nothing is asked for a plan that is
 * over. A stop that is placed goes on protecting, as an order of its own.
 */
export function decideFailing(plan: Plan, reason: Reason, now: Timestamp): Plan {
  const unwanted = plan.children.filter((child) => isLive(child) && !protectsOn(plan, child));
  const dropped = unwanted.reduce((next, child) => drop(next, child, 'replace'), plan);
  const waits = dropped.children.some((child) => isLive(child) && child.dropping !== null);
  return waits ? dropped : over(dropped, 'failed', reason, now);
}

const protectsOn = ({ terms }: Plan, { leg, state }: PlanChild): boolean =>
  leg === 'stop' &&
  state !== 'asked' &&
  (terms.kind === 'bracket' || (terms.kind === 'oco' && terms.purpose === 'close'));

/**
 * The venue has an order of it that our books do not know: they are older than what it has done, so it may have done everything that it
 * would do next.
 */
export function withOrderBehind(plan: Plan, clientOrderId: string): Plan {
  if (plan.failing !== null) return plan;
  const text =
    `the venue has its order ${clientOrderId}, of which the books did not know: they are older than the plan, and nobody can say what ` +
    'of it was done. Look at what is held and at the orders of the account at the venue, then plan anew for what is missing';
  return { ...plan, failing: { code: 'PLAN_BEHIND_VENUE', text } };
}

const dropAll = (plan: Plan, reason: CancelReason): Plan =>
  plan.children.filter(isLive).reduce((next, child) => drop(next, child, reason), plan);
