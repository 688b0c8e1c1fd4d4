import { Timestamp } from '@scalpstorm/kernel';
import {
  type CancelReason,
  isFinal,
  type Order,
  type OrderRequest,
  opposite,
  PlanId,
  type PlanLeg,
  type PlanStop,
  type PlanTarget,
  type Purpose,
  Quantity,
  type Reason,
  type Side,
} from '@scalpstorm/model';
import { netBase } from '../portfolio/position.js';
import { type Folded, isLive, type Plan, type PlanChild } from './plan.js';

/** Ended children that a plan shows; what older ones came to is summed up. */
const endedKept = 40;

export const exitSideOf = ({ terms }: Plan): Side => (terms.kind === 'bracket' ? opposite(terms.side) : terms.side);

const sideOf = (plan: Plan, leg: PlanLeg): Side => (leg === 'entry' ? plan.terms.side : exitSideOf(plan));

/** The plan with what the books say of its orders. */
export function absorbOrders(plan: Plan, orders: ReadonlyMap<string, Order>): Plan {
  let next = plan;
  for (const child of plan.children) {
    const order = orders.get(child.clientOrderId);
    if (order !== undefined) next = replaceChild(next, childAfter(child, order, plan));
  }
  return next;
}

function childAfter(child: PlanChild, order: Order, { rules }: Plan): PlanChild {
  const { status, statusBefore, filledQuantity: filled, request } = order;
  const fee = order.fees.find(({ currency }) => currency === rules.base)?.amount ?? 0n;
  const ended = isFinal(status);
  const short = ended && filled < request.quantity;
  return {
    ...child,
    filled,
    net: netBase(request.side, filled, fee),
    state: ended ? 'ended' : isTaken(statusBefore ?? status) ? 'working' : 'placed',
    end: ended ? status : null,
    code: short ? (order.reason?.code ?? status.toUpperCase()) : null,
    note: short ? (order.reason?.text ?? null) : null,
  };
}

const isTaken = (status: Order['status']): boolean =>
  status === 'accepted' || status === 'triggered' || status === 'partially-filled' || status === 'emulated';

export function replaceChild(plan: Plan, child: PlanChild): Plan {
  const known = plan.children.find(({ clientOrderId }) => clientOrderId === child.clientOrderId);
  if (known === undefined || isSame(known, child)) return plan;
  return {
    ...plan,
    children: plan.children.map((one) => (one === known ? child : one)),
  };
}

const isSame = (left: PlanChild, right: PlanChild): boolean =>
  left.state === right.state &&
  left.filled === right.filled &&
  left.net === right.net &&
  left.code === right.code &&
  left.ask === right.ask &&
  left.settled === right.settled &&
  left.dropping === right.dropping;

/** What the fills came to. */
export function sumsOf({ children, folded }: Plan): Folded {
  let { opened, closed, filled } = folded;
  for (const child of children) {
    if (child.leg === 'entry') opened = Quantity.plus(opened, child.net);
    else {
      closed = Quantity.plus(closed, child.net);
      filled = Quantity.plus(filled, child.filled);
    }
  }
  return { opened, closed, filled };
}

/** A plan of a thousand children is not carried about as such. */
export function folded(plan: Plan): Plan {
  const ended = plan.children.filter((child) => !isLive(child) && child.leg !== 'entry');
  if (ended.length <= endedKept) return plan;
  const over = new Set(ended.slice(0, ended.length - endedKept));
  const summed = sumsOf({ ...plan, children: [...over] });
  return { ...plan, folded: summed, children: plan.children.filter((child) => !over.has(child)) };
}

/** One more child, and the plan that has it. */
export function withChild(plan: Plan, leg: PlanLeg, quantity: Quantity, now: Timestamp, attempt?: number): Plan {
  const counted = attempt ?? plan.attempts[leg] ?? 0;
  const child: PlanChild = {
    clientOrderId: PlanId.childOf({ planId: plan.id, leg, attempt: counted }),
    leg,
    attempt: counted,
    quantity,
    state: 'asked',
    filled: Quantity.zero,
    net: Quantity.zero,
    dropping: null,
    end: null,
    code: null,
    note: null,
    settled: false,
    ask: 1,
    askedAt: now,
    createdAt: now,
  };
  const attempts = { ...plan.attempts, [leg]: counted + 1 };
  return folded({ ...plan, attempts, children: [...plan.children, child] });
}

/** What the gate is asked for: a function of the plan's terms and the child, so that asking twice is the same question. */
export function requestOf(plan: Plan, child: PlanChild): OrderRequest {
  const { userId, accountId, mode, instrumentId } = plan;
  const { clientOrderId, leg, quantity } = child;
  const owner = { clientOrderId, userId, botId: null, accountId, mode, instrumentId };
  return { ...owner, side: sideOf(plan, leg), quantity, ...shapeOf(plan, child) };
}

type Shape = Pick<OrderRequest, 'type' | 'price' | 'timeInForce' | 'purpose' | 'trigger' | 'displayQuantity'>;

function shapeOf({ terms, hidden }: Plan, { leg, quantity }: PlanChild): Shape {
  if (terms.kind === 'twap') {
    const { price, purpose } = terms;
    return price === null ? atMarket(purpose) : { type: 'limit', price, timeInForce: 'GTC', purpose };
  }
  if (terms.kind === 'iceberg') {
    const { price, purpose, show } = terms;
    const part = hidden && show < quantity ? { displayQuantity: show } : {};
    return { type: 'limit', price, timeInForce: 'GTC', purpose, ...part };
  }
  if (terms.kind === 'flatten') return atMarket(terms.purpose);
  const purpose = terms.kind === 'oco' ? terms.purpose : 'close';
  if (leg === 'entry' && terms.kind === 'bracket') {
    const { trigger, ...entry } = terms.entry;
    return { ...entry, purpose: 'open', ...(trigger === null ? {} : { trigger }) };
  }
  if (leg === 'stop') return stopShape(terms.stop, purpose);
  if (leg === 'target' && terms.target !== null) return targetShape(terms.target, purpose);
  return atMarket(purpose);
}

const atMarket = (purpose: Purpose): Shape => ({ type: 'market', price: null, timeInForce: 'IOC', purpose });

const stopShape = ({ trigger, price }: PlanStop, purpose: Purpose): Shape =>
  price === null ? { ...atMarket(purpose), trigger } : { type: 'limit', price, timeInForce: 'GTC', purpose, trigger };

/** What the price takes at once and no more: while the rest lay in the book nothing would protect it. */
const targetShape = ({ type, price }: PlanTarget, purpose: Purpose): Shape =>
  type === 'market' ? atMarket(purpose) : { type, price, timeInForce: 'IOC', purpose };

/** The gate has said no, and nothing has left. */
export const withDenial = (plan: Plan, clientOrderId: string, { code, text }: Reason): Plan =>
  endUnsent(plan, clientOrderId, { end: 'denied', code, note: text });

/** That it is not wanted is durable, and no order of it will be sent. */
export const withWithdrawal = (plan: Plan, clientOrderId: string): Plan =>
  endUnsent(plan, clientOrderId, { end: 'canceled', code: 'NO_VERDICT', note: null });

function endUnsent(plan: Plan, clientOrderId: string, ending: Pick<PlanChild, 'end' | 'code' | 'note'>): Plan {
  const child = plan.children.find((one) => one.clientOrderId === clientOrderId);
  if (child === undefined || child.state !== 'asked') return plan;
  return replaceChild(plan, { ...child, state: 'ended', ...ending });
}

/** Why it came to nothing, at the end of a sentence: what was said of it, with its next step. */
export const noteOf = ({ code, note }: Pick<PlanChild, 'code' | 'note'>): string =>
  `(${code ?? 'unknown'})${note ? `: ${note}` : ''}`;

/** From now on its cancel leaves until it is over. */
export function drop(plan: Plan, child: PlanChild, reason: CancelReason): Plan {
  return isLive(child) && child.dropping === null ? replaceChild(plan, { ...child, dropping: reason }) : plan;
}

/** It is over. */
export function over(plan: Plan, status: 'done' | 'canceled' | 'failed', reason: Reason | null, now: Timestamp): Plan {
  return { ...plan, status, reason, updatedAt: now, pauseUntil: null, exit: null };
}

const pauseFirst = 250_000;
const pauseMax = 30_000_000;

/** A child came to nothing: the next one waits, each time longer. */
export function afterFailure(plan: Plan, reason: Reason, now: Timestamp): Plan {
  const pause = Math.min(pauseMax, pauseFirst * 2 ** Math.min(plan.failures, 10));
  return { ...plan, reason, failures: plan.failures + 1, pauseUntil: Timestamp.plus(now, pause) };
}
