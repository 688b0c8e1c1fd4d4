import type { OrderPlan } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import {
  type AccountId,
  type InstrumentId,
  isPlanOver,
  type PlanEntry,
  type PlanStop,
  type PlanTarget,
  type PlanTerms,
  Price,
  Quantity,
} from '@scalpstorm/model';
import { repeatedForMicros } from './manual-order.js';
import { type Problem, problems } from './problem.js';
import { type ReasonView, triggerView, venueAndSymbol } from './views.js';

/** What somebody plans. Venue and mode are those of the account. */
export interface NewPlan {
  readonly account: string;
  readonly symbol: string;
  readonly terms: PlanTerms;
}

/** The same, as execution is asked for it. */
export interface PlanWish {
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly terms: PlanTerms;
}

/**
 * Is the plan that has the id of a wish the one that is wished for, said again? Its id follows from the key alone, so a key of another day
 * or of another wish has it, too.
 */
export function isRepeatedPlan(known: OrderPlan, wish: PlanWish, now: Timestamp): boolean {
  if (now - known.createdAt > repeatedForMicros) return false;
  return wordsOf(known) === wordsOf(wish);
}

const wordsOf = ({ accountId, instrumentId, terms }: PlanWish): string =>
  JSON.stringify([accountId, instrumentId, termsView(terms)]);

export const keyOfAnotherPlan = ({ id, createdAt }: OrderPlan): Problem =>
  problems.idempotencyKeyReused(
    `The key was used for the plan ${id} of ${Timestamp.toIso(createdAt)}; nothing was planned.`,
  );

export type OrderPlanView = ReturnType<typeof orderPlanView>;

/** A plan with every field of every kind; those that its kind does not have are null. */
export function orderPlanView({ id, accountId, mode, instrumentId, terms, status, reason, ...plan }: OrderPlan) {
  return {
    id: id as string,
    account: accountId as string,
    mode,
    ...venueAndSymbol(instrumentId),
    ...termsView(terms),
    status,
    final: isPlanOver(status),
    reason: reason as ReasonView | null,
    orders: plan.orders.map((order) => ({
      clientOrderId: order.clientOrderId as string,
      leg: order.leg,
      quantity: Quantity.format(order.quantity),
      filledQuantity: Quantity.format(order.filledQuantity),
      state: order.state,
      code: order.code,
    })),
    createdAt: Timestamp.toIso(plan.createdAt),
    updatedAt: Timestamp.toIso(plan.updatedAt),
  };
}

function termsView(terms: PlanTerms) {
  const { kind, side, quantity } = terms;
  const exits = kind === 'oco' || kind === 'bracket' ? terms : null;
  const twap = kind === 'twap' ? terms : null;
  const priced = kind === 'twap' || kind === 'iceberg' ? terms.price : null;
  return {
    kind,
    side,
    quantity: Quantity.format(quantity),
    purpose: kind === 'bracket' ? null : terms.purpose,
    entry: kind === 'bracket' ? entryView(terms.entry) : null,
    stop: exits === null ? null : stopView(exits.stop),
    target: exits === null || exits.target === null ? null : targetView(exits.target),
    slices: twap?.slices ?? null,
    intervalSeconds: twap?.intervalSeconds ?? null,
    price: textOf(priced),
    show: kind === 'iceberg' ? Quantity.format(terms.show) : null,
  };
}

const textOf = (price: Price | null): string | null => (price === null ? null : Price.format(price));

const entryView = ({ type, price, timeInForce, trigger }: PlanEntry) => ({
  type,
  price: textOf(price),
  timeInForce,
  trigger: trigger === null ? null : triggerView(trigger),
});
const stopView = ({ trigger, price }: PlanStop) => ({ trigger: triggerView(trigger), price: textOf(price) });
const targetView = ({ price, source, type }: PlanTarget) => ({ price: Price.format(price), source, type });
