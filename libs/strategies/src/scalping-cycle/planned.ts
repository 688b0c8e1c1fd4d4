import { Timestamp } from '@scalpstorm/kernel';
import { Price, Quantity } from '@scalpstorm/model';
import type { Draft } from './draft.js';
import { holdingOf } from './holding.js';
import { oncePer } from './once.js';
import type { PlannedEntry, Resting } from './plan.js';
import type { OrderFact } from './state.js';

/** An entry is due on top of what is held. */
export function additionOf({ state, parameters, context }: Draft): PlannedEntry | null {
  const wanted = state.mode === 'running' && state.closing === null;
  return wanted ? (parameters.plan?.adds?.(holdingOf(state), context) ?? null) : null;
}

/** By the plan it rests no longer. */
export function isReplaced({ state, parameters: { plan }, context }: Draft, order: OrderFact): boolean {
  const resting = plan?.replaces ? restingOf(order) : null;
  return resting !== null && plan?.replaces?.(resting, holdingOf(state), context) === true;
}

export const restingOf = oncePer(({ leg, side, price, quantity, placedAt }: OrderFact): Resting | null => {
  if (price === null || leg === 'flatten') return null;
  return {
    leg,
    side,
    price: Price.of(price),
    quantity: Quantity.of(quantity),
    placedAt: Timestamp.fromMicros(placedAt),
  };
});
