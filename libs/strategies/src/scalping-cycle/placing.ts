import { assert, Timestamp } from '@scalpstorm/kernel';
import { type CancelReason, ClientOrderId, type Leg, opposite, Price, Quantity } from '@scalpstorm/model';
import type { WantedOrder } from '../sdk/strategy.js';
import { entryPrice } from './books.js';
import type { Draft } from './draft.js';
import { priceFor } from './pricing.js';
import { noFills, type OrderFact, unheard } from './state.js';

/** Without any answer, an order is asked for again after this long, doubling up to the maximum. */
const askAgain = 5_000_000;
const askAgainMax = 60_000_000;
/** A cancel that has not worked is asked for again after this long. */
export const cancelAgain = 5_000_000;

/** Asks for the next order of a leg and makes it the live one. Nothing happens while its price is not known. */
export function place(draft: Draft, leg: Leg, quantity: Quantity): void {
  const { state, context, parameters } = draft;
  const attempt = state.attempts[leg];
  const id = ClientOrderId.forSlot({ botId: context.botId, cycle: state.cycle, leg, attempt });
  const attempts = { ...state.attempts, [leg]: attempt + 1 };
  const side = leg === 'entry' ? parameters.firstSide : opposite(state.books.poolSide);
  const source = side === 'buy' ? parameters.buyPrice : parameters.sellPrice;
  const price = leg === 'flatten' ? null : priceFor(source, side, context, entryPrice(state.books));
  if (price === null && leg !== 'flatten') return;
  draft.set({ live: id, attempts, cycleStartedAt: state.cycleStartedAt ?? context.now, retryAt: null });
  const fact: OrderFact = {
    id,
    leg,
    side,
    type: price === null ? 'market' : 'limit',
    quantity: Quantity.format(quantity),
    price: price === null ? null : Price.format(price),
    status: 'initialized',
    version: unheard,
    adopted: true,
    booked: true,
    ...noFills,
    cancelReason: null,
    cancelAskedAt: null,
    asks: 0,
    askedAt: context.now,
    reasonCode: '',
    reasonText: '',
  };
  ask(draft, fact);
}

/** Asks for an order, for the first time or again: the same id, the same order. */
export function ask(draft: Draft, fact: OrderFact): void {
  draft.emit({ kind: 'place', order: wantedOrder(fact), ask: fact.asks });
  draft.remember({ ...fact, asks: fact.asks + 1, askedAt: draft.context.now });
  const wait = Math.min(askAgain * 2 ** Math.min(fact.asks, 10), askAgainMax);
  draft.emit({ kind: 'wait-until', at: Timestamp.plus(draft.context.now, wait) });
}

export function isUnanswered(fact: OrderFact, now: Timestamp): boolean {
  const wait = Math.min(askAgain * 2 ** Math.min(fact.asks - 1, 10), askAgainMax);
  return fact.version === unheard && now >= fact.askedAt + wait;
}

function wantedOrder(fact: OrderFact): WantedOrder {
  const slot = ClientOrderId.slotOf(fact.id);
  assert(slot !== null, `not an order of a bot: ${fact.id}`);
  return {
    slot,
    clientOrderId: fact.id,
    side: fact.side,
    type: fact.type,
    quantity: Quantity.of(fact.quantity),
    price: fact.price === null ? null : Price.of(fact.price),
    timeInForce: 'GTC',
    purpose: fact.leg === 'entry' ? 'open' : 'close',
  };
}

/** Asks to cancel; again only when the last wish is some seconds old. */
export function cancel(draft: Draft, fact: OrderFact, reason: CancelReason): void {
  const { now } = draft.context;
  if (fact.cancelAskedAt !== null && now < fact.cancelAskedAt + cancelAgain) return;
  draft.emit({ kind: 'cancel', clientOrderId: fact.id, reason });
  draft.remember({ ...fact, cancelReason: reason, cancelAskedAt: now });
  draft.emit({ kind: 'wait-until', at: Timestamp.plus(now, cancelAgain) });
}
