import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import {
  type CancelReason,
  isPlanOver,
  notional,
  type PlanStop,
  type PlanTarget,
  Price,
  Quantity,
  type Reason,
} from '@scalpstorm/model';
import { isReached, type Prices, sourcePrice } from '../orders/trigger.js';
import { afterFailure, drop, exitSideOf, noteOf, over, replaceChild, sumsOf, withChild } from './children.js';
import { haltedReason } from './ending.js';
import { isLive, left, type Plan, type PlanChild, type PlanLook } from './plan.js';

/** Venues take few orders that wait: from the fourth part on the newest one is replaced by a larger one. */
const stopsMax = 3;
const partFailuresMax = 2;
const growEvery: Micros = second;
const targetEvery: Micros = 2 * second;
/** A close of which nothing is taken waits longer each time, because what is held is bare while it is tried. */
const closeEveryMax: Micros = 60 * second;
/** A close is judged by fills that the gate may hear of later; when it still says no after so many, somebody else has closed it. */
const tooMuchMax = 8;

/**
 * Protection rests, target waits: what is held has its stop at the venue, and nothing else, because a spot venue reserves the same
 * balance for each order. What a further fill adds gets a stop of its own at once, so that no part is ever without one for that; only
 * where there would be too many, or the part is too small for the venue, the newest one is canceled for a larger one. When the target
 * is reached the stops are canceled, and when their end is known, with what they filled, the rest is sent; what that leaves gets its stop anew.
 * A halt cancels what opens; at level flatten what is held leaves in the way of a target whose price is reached.
 */
export function decideProtection(before: Plan, look: PlanLook): Plan {
  const { now } = look;
  if (before.halted !== null && before.children.length === 0 && before.terms.kind === 'bracket')
    return over(before, 'canceled', haltedReason(before.halted), now);
  const settled = settleEnded(withEntry(before, now), now);
  if (isPlanOver(settled.status) || settled.failing !== null) return settled;
  const unclosed = unclosedOf(settled);
  if (unclosed < 0n) return overfilled(settled, unclosed, now);
  const wanted = Quantity.floorTo(Quantity.fromUnits(unclosed), settled.rules.stepSize);
  const hasExited = sumsOf(settled).filled > 0n;
  const calm = workingAgain(hasExited || settled.halted !== null ? dropEntry(settled) : settled);
  const plan = exitDue(calm, wanted, look);
  const next = plan.exit === null ? decideStops(plan, wanted, look) : decideExit(plan, wanted, look);
  return concluded(next, wanted, look);
}

const legsOf = (plan: Plan, ...legs: readonly PlanChild['leg'][]): readonly PlanChild[] =>
  plan.children.filter((child) => isLive(child) && legs.includes(child.leg));

function withEntry(plan: Plan, now: Timestamp): Plan {
  const { terms } = plan;
  return terms.kind !== 'bracket' || plan.attempts.entry !== undefined
    ? plan
    : withChild(plan, 'entry', terms.quantity, now);
}

/** What is held and not given back, in whole units: below zero when more was given back than there was. */
export function unclosedOf(plan: Plan): bigint {
  const { opened, closed, filled } = sumsOf(plan);
  if (plan.terms.kind !== 'bracket') return plan.terms.quantity - filled;
  return plan.terms.side === 'buy' ? opened + closed : -(opened + closed);
}

/** What is held and has neither a stop at work nor an order that closes it; zero where it is too little for the venue. */
export function uncoveredOf(plan: Plan): Quantity {
  if (stopOf(plan) === null || isPlanOver(plan.status)) return Quantity.zero;
  const wanted = Quantity.floorTo(Quantity.fromUnits(unclosedOf(plan)), plan.rules.stepSize);
  const covers = ({ leg, state }: PlanChild) => leg !== 'stop' || state === 'working';
  const exits = legsOf(plan, 'stop', 'target', 'exit').filter(covers);
  const bare = Quantity.fromUnits(wanted - exits.reduce((sum, child) => sum + left(child), 0n));
  return isViable(plan, bare, priceOf(plan, null)) ? bare : Quantity.zero;
}

function settleEnded(plan: Plan, now: Timestamp): Plan {
  let next = plan;
  for (const child of plan.children) {
    if (isLive(child) || child.settled) continue;
    next = settleOne(replaceChild(next, { ...child, settled: true }), child, now);
    if (isPlanOver(next.status) || next.failing !== null) return next;
  }
  return next;
}

function settleOne(plan: Plan, child: PlanChild, now: Timestamp): Plan {
  const { leg, end, code, dropping } = child;
  if (end === 'filled') return plan;
  switch (leg) {
    case 'entry':
      return child.filled > 0n ? plan : unopened(plan, child, now);
    case 'target':
      return { ...plan, exit: null, targetAfter: Timestamp.plus(now, targetEvery), reason: shortTarget(child) };
    case 'exit':
      // Its stop is placed anew before the close is tried again.
      if (plan.exit === 'flatten' && code !== 'EXCEEDS_POSITION')
        return { ...plan, exit: null, targetAfter: closeAfter(child, now), reason: closeNotTaken(child) };
      return failedExit(plan, child, now);
    default:
      if (dropping !== null) return plan;
      // The price of the stop is behind us: there is nothing left to wait for.
      if (code === 'WOULD_TRIGGER' || child.filled > 0n) return { ...plan, exit: 'passed' };
      return failedExit(plan, child, now);
  }
}

const closeAfter = ({ filled, attempt }: PlanChild, now: Timestamp): Timestamp =>
  Timestamp.plus(now, filled > 0n ? targetEvery : Math.min(closeEveryMax, targetEvery * 2 ** Math.min(attempt, 5)));

function unopened(plan: Plan, child: PlanChild, now: Timestamp): Plan {
  if (plan.halted !== null) return over(plan, 'canceled', haltedReason(plan.halted), now);
  const { end, code } = child;
  const status = end === 'denied' || end === 'rejected' ? 'failed' : 'canceled';
  const text = `its entry ended as ${end} before anything was filled ${noteOf(child)}`;
  return over(plan, status, { code: code ?? 'ENTRY_ENDED', text }, now);
}

const shortTarget = (child: PlanChild): Reason => ({
  code: 'TARGET_NOT_FILLED',
  text: `its stop is placed anew: the target was reached and not all of it was taken ${noteOf(child)}`,
});

const closeNotTaken = (child: PlanChild): Reason => ({
  code: 'CLOSE_NOT_TAKEN',
  text: `its stop is placed anew, and the close is tried again by itself: not all of it was taken ${noteOf(child)}`,
});

function failedExit(plan: Plan, child: PlanChild, now: Timestamp): Plan {
  const { code } = child;
  const text = `a closing order is placed anew: the last one came to nothing ${noteOf(child)}`;
  const next = afterFailure(plan, { code: 'STOP_NOT_PLACED', text }, now);
  if (code !== 'EXCEEDS_POSITION' || next.failures < tooMuchMax) return next;
  const words =
    'what it protects is not there any more, or not all of it: another order has closed it. What opens is canceled, and a stop that ' +
    'works stays; look at what is held, then plan anew or close it';
  return { ...next, failing: { code: 'EXCEEDS_POSITION', text: words } };
}

/** Both ways out were taken at the same moment. Nothing is undone by guesswork: what works is canceled, and it is told. */
function overfilled(plan: Plan, unclosed: bigint, now: Timestamp): Plan {
  const dropped = plan.children.filter(isLive).reduce((next, child) => drop(next, child, 'replace'), plan);
  if (dropped.children.some(isLive)) return dropped;
  const text = `its exits filled ${Quantity.format(Quantity.fromUnits(-unclosed))} more than it held`;
  return over(dropped, 'failed', { code: 'PLAN_OVERFILLED', text }, now);
}

function workingAgain(plan: Plan): Plan {
  const newest = plan.children.findLast(({ leg }) => leg === 'stop');
  if (plan.failures === 0 || newest?.state !== 'working') return plan;
  const reason = plan.reason?.code === 'STOP_NOT_PLACED' ? null : plan.reason;
  return { ...plan, failures: 0, pauseUntil: null, reason };
}

const dropEntry = (plan: Plan): Plan =>
  legsOf(plan, 'entry').reduce((next, child) => drop(next, child, endsBy(plan)), plan);

const dropStops = (plan: Plan): Plan =>
  legsOf(plan, 'stop').reduce((next, child) => drop(next, child, endsBy(plan)), plan);

const endsBy = ({ halted }: Plan): CancelReason => (halted === 'cancel' ? 'halt' : (halted ?? 'replace'));

/** A halt closes at any price; a target waits for its own. */
function exitDue(plan: Plan, wanted: Quantity, look: PlanLook): Plan {
  if (plan.halted !== 'flatten') return targetReached(plan, wanted, look);
  // While nothing can be sent, what protects stays where it is.
  if (!look.mayClose) return plan;
  if (plan.exit !== null || (plan.targetAfter !== null && look.now < plan.targetAfter)) return plan;
  return isViable(plan, wanted, look.prices?.last ?? null) ? { ...plan, exit: 'flatten' } : plan;
}

function targetReached(plan: Plan, wanted: Quantity, { prices, now }: PlanLook): Plan {
  const target = targetOf(plan);
  if (plan.exit !== null || target === null || prices === null) return plan;
  if (plan.targetAfter !== null && now < plan.targetAfter) return plan;
  const price = sourcePrice(prices, target.source);
  const trigger = { kind: 'take-profit', price: target.price, source: target.source } as const;
  if (price === null || !isReached(trigger, exitSideOf(plan), price)) return plan;
  return isViable(plan, wanted, target.price) ? { ...plan, exit: 'target' } : plan;
}

/** Everything else ends first: its balance is what the exit needs, and what it filled is not closed twice. */
function decideExit(plan: Plan, wanted: Quantity, { now, prices }: PlanLook): Plan {
  const dropped = dropStops(dropEntry(plan));
  if (legsOf(dropped, 'stop', 'target', 'exit').length > 0 || isPaused(dropped, now)) return dropped;
  const price = dropped.exit === 'flatten' ? (prices?.last ?? null) : priceOf(dropped, prices);
  if (!isViable(dropped, wanted, price)) return { ...dropped, exit: null };
  const leg = dropped.exit === 'target' ? 'target' : 'exit';
  return withChild(dropped, leg, Quantity.min(wanted, dropped.rules.quantityMax), now);
}

function decideStops(plan: Plan, wanted: Quantity, { now, prices }: PlanLook): Plan {
  const stops = legsOf(plan, 'stop');
  if (isPaused(plan, now) || stops.some(({ dropping }) => dropping !== null)) return plan;
  const covered = [...stops, ...legsOf(plan, 'target', 'exit')].reduce((sum, child) => sum + left(child), 0n);
  const uncovered = Quantity.fromUnits(wanted - covered);
  if (uncovered <= 0n) return plan;
  const price = priceOf(plan, prices);
  // A part that the venue does not take beside the others is added to one of them; where the gate finds it too much, a stop that works
  // is not given away for a larger one that it will not let pass either.
  const parts = plan.failures < partFailuresMax || wasTooMuch(plan) ? stopsMax : 1;
  if (isViable(plan, uncovered, price) && stops.length < parts)
    return withChild(plan, 'stop', Quantity.min(uncovered, plan.rules.quantityMax), now);
  const newest = stops.at(-1);
  if (newest === undefined || newest.state !== 'working' || now - newest.createdAt < growEvery) return plan;
  if (left(newest) >= plan.rules.quantityMax) return plan;
  const text = 'a stop was canceled to be placed anew for more: venues take few of them, and none that is too small';
  return drop({ ...plan, reason: { code: 'STOP_REPLACED', text } }, newest, 'replace');
}

const wasTooMuch = ({ children }: Plan): boolean =>
  children.findLast((child) => !isLive(child) && child.leg === 'stop')?.code === 'EXCEEDS_POSITION';

const isPaused = ({ pauseUntil }: Plan, now: Timestamp): boolean => pauseUntil !== null && now < pauseUntil;

const stopOf = ({ terms }: Plan): PlanStop | null =>
  terms.kind === 'oco' || terms.kind === 'bracket' ? terms.stop : null;
const targetOf = ({ terms }: Plan): PlanTarget | null =>
  terms.kind === 'oco' || terms.kind === 'bracket' ? terms.target : null;

/** What the venue will judge a closing order by; null: nobody knows. */
function priceOf(plan: Plan, prices: Prices | null): Price | null {
  const stop = stopOf(plan);
  if (stop === null) return null;
  if (stop.price !== null) return stop.price;
  return stop.trigger.kind === 'trailing' ? (prices?.last ?? null) : stop.trigger.price;
}

/** Whether the venue takes an order of so much. */
export function isViable({ rules }: Plan, quantity: Quantity, price: Price | null): boolean {
  if (quantity <= 0n || quantity < rules.quantityMin) return false;
  return price === null || notional(price, quantity, rules.notionalMin.currency).amount >= rules.notionalMin.amount;
}

function concluded(plan: Plan, wanted: Quantity, { now, prices }: PlanLook): Plan {
  const entry = legsOf(plan, 'entry')[0];
  const live = plan.children.some(isLive);
  const isViableStill = isViable(plan, wanted, priceOf(plan, prices));
  if (!live && !isViableStill && plan.exit === null) {
    const rest = unclosedOf(plan);
    const text = `${Quantity.format(Quantity.fromUnits(rest))} are left: less than the venue takes`;
    return over(plan, 'done', rest > 0n ? { code: 'DUST_LEFT', text } : null, now);
  }
  const hasExits = legsOf(plan, 'stop', 'target', 'exit').some(({ state }) => state === 'working');
  if (hasExits || (plan.terms.kind === 'bracket' && isViableStill)) return withStatus(plan, 'protecting');
  return withStatus(plan, entry !== undefined && entry.state !== 'asked' ? 'working' : 'planned');
}

export const withStatus = (plan: Plan, status: Plan['status']): Plan =>
  plan.status === status ? plan : { ...plan, status };
