import { type Micros, second, type Timestamp } from '@scalpstorm/kernel';
import { type PlanTerms, Quantity } from '@scalpstorm/model';
import { drop, noteOf, over, sumsOf, withChild } from './children.js';
import { isLive, type Plan, type PlanChild, type PlanLook } from './plan.js';
import { withStatus } from './protect.js';

type Twap = Extract<PlanTerms, { kind: 'twap' }>;
type Iceberg = Extract<PlanTerms, { kind: 'iceberg' }>;

/**
 * Slice k is asked for when k intervals are over, once: its id is that of its slot. What an earlier one did not fill, or what nobody
 * sent while we were down, is spread over the slots that are left, and never made up for at once.
 */
export function decideTwap(plan: Plan, terms: Twap, { now }: PlanLook): Plan {
  const rest = restOf(plan);
  if (rest < 0n) return overfilled(plan, rest, now);
  const live = plan.children.find(isLive);
  if (live === undefined && rest < plan.rules.quantityMin) return over(plan, 'done', null, now);
  const slot = slotAt(plan, terms, now);
  if (slot <= plan.slot) return withStatus(plan, statusOf(plan));
  // The slice before is over when its slot is: what it has left is carried on.
  if (live !== undefined) return drop(plan, live, 'replace');
  if (slot >= terms.slices) return timeOver(plan, rest, now);
  const slots = BigInt(terms.slices - slot);
  const share = slots === 1n ? rest : Quantity.floorTo(Quantity.fromUnits(rest / slots), plan.rules.stepSize);
  const used = { ...plan, slot };
  if (share < plan.rules.quantityMin) return withStatus(used, 'working');
  return withStatus(withChild(used, 'slice', Quantity.min(share, plan.rules.quantityMax), now, slot), 'working');
}

function slotAt({ createdAt }: Plan, { intervalSeconds, slices }: Twap, now: Timestamp): number {
  const interval: Micros = intervalSeconds * second;
  return Math.min(slices, Math.floor((now - createdAt) / interval));
}

function timeOver(plan: Plan, rest: Quantity, now: Timestamp): Plan {
  const { filled } = sumsOf(plan);
  const last = plan.children.at(-1);
  const why = last === undefined || last.code === null ? '' : `, the last part ${noteOf(last)}`;
  const text = `its time is over; ${Quantity.format(rest)} of ${Quantity.format(plan.terms.quantity)} were not filled${why}`;
  const code = filled === 0n ? (last?.code ?? 'TWAP_TIME_OVER') : 'TWAP_TIME_OVER';
  return over(plan, filled === 0n ? 'failed' : 'done', { code, text }, now);
}

/** Of a part of which nothing was ever at the venue; it says nothing about what the plan wants. */
const neverThere: ReadonlySet<string | null> = new Set([
  'NOT_FOUND_AFTER_EXPIRY',
  'APPROVAL_EXPIRED',
  'REQUEST_EXPIRED',
]);
const neverThereMax = 10;
const partEvery: Micros = second;

/** One part at a time; the next one when it is filled. A part that ends otherwise ends the plan, unless it never was at the venue. */
export function decideIceberg(plan: Plan, { show }: Iceberg, { now }: PlanLook): Plan {
  const rest = restOf(plan);
  if (rest < 0n) return overfilled(plan, rest, now);
  if (plan.children.some(isLive)) return withStatus(plan, statusOf(plan));
  const last = plan.children.at(-1);
  if (last !== undefined && last.end !== 'filled') {
    const unsent = plan.children.length - 1 - plan.children.findLastIndex(({ code }) => !neverThere.has(code));
    if (unsent === 0 || unsent >= neverThereMax) return stopped(plan, last, now);
    if (now - last.askedAt < partEvery) return plan;
  }
  const { quantityMin, quantityMax } = plan.rules;
  if (rest < quantityMin) return over(plan, 'done', null, now);
  const part = plan.hidden || rest - show < quantityMin ? rest : Quantity.min(show, rest);
  return withStatus(withChild(plan, 'slice', Quantity.min(part, quantityMax), now), 'working');
}

function stopped(plan: Plan, child: PlanChild, now: Timestamp): Plan {
  const { end, code } = child;
  const status = end === 'denied' || end === 'rejected' ? 'failed' : 'canceled';
  const filled = Quantity.format(sumsOf(plan).filled);
  return over(
    plan,
    status,
    { code: code ?? 'PART_ENDED', text: `${filled} were filled before a part ended as ${end} ${noteOf(child)}` },
    now,
  );
}

/** A fill came after the end of its part, when others had been sent for it. */
function overfilled(plan: Plan, rest: Quantity, now: Timestamp): Plan {
  const dropped = plan.children.filter(isLive).reduce((next, child) => drop(next, child, 'replace'), plan);
  if (dropped.children.some(isLive)) return dropped;
  const text = `its parts filled ${Quantity.format(Quantity.fromUnits(-rest))} more than was wanted`;
  return over(dropped, 'failed', { code: 'PLAN_OVERFILLED', text }, now);
}

const restOf = (plan: Plan): Quantity =>
  Quantity.floorTo(Quantity.fromUnits(plan.terms.quantity - sumsOf(plan).filled), plan.rules.stepSize);

const statusOf = (plan: Plan): Plan['status'] =>
  plan.children.some(({ state }) => state !== 'asked') ? 'working' : 'planned';
