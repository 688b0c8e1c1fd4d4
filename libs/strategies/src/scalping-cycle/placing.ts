import { assert, Timestamp } from '@scalpstorm/kernel';
import { attemptMax, type CancelReason, ClientOrderId, type Leg, Price, Quantity, type Side } from '@scalpstorm/model';
import type { StrategyContext, WantedOrder } from '../sdk/strategy.js';
import type { Draft } from './draft.js';
import { isAsGood } from './pricing.js';
import { sizingMark } from './sizing.js';
import { goOn } from './standing.js';
import { noFills, type OrderFact, unheard } from './state.js';

/** Without any answer, an order is asked for again after this long, doubling up to the maximum. */
const askAgain = 5_000_000;
const askAgainMax = 60_000_000;
/** A cancel that has not worked is asked for again after this long. */
export const cancelAgain = 5_000_000;

/** What a leg's next order is to be. */
export interface LegOrder {
  readonly leg: Leg;
  readonly side: Side;
  readonly quantity: Quantity;
  /** Null: at the market. */
  readonly price: Price | null;
  /** How the size came about, where it was reckoned. */
  readonly working?: string;
}

/** Asks for the next order of a leg and makes it the live one. */
export function place(draft: Draft, { leg, side, quantity, price, working = '' }: LegOrder): void {
  const { state, context, parameters } = draft;
  const attempt = state.attempts[leg];
  if (attempt > attemptMax) {
    giveUp(draft, leg);
    return;
  }
  const id = ClientOrderId.forSlot({ botId: context.botId, cycle: state.cycle, leg, attempt });
  const attempts = { ...state.attempts, [leg]: attempt + 1 };
  draft.set({
    live: id,
    attempts,
    cycleStartedAt: state.cycleStartedAt ?? context.now,
    retryAt: null,
  });
  goOn(draft, 'order');
  // Whoever enters anew waits for no stop of what is left from before.
  if (leg === 'entry') goOn(draft, 'market');
  const fact: OrderFact = {
    id,
    leg,
    side,
    type: price === null ? 'market' : 'limit',
    quantity: Quantity.format(quantity),
    price: price === null ? null : Price.format(price),
    timeInForce: price === null ? 'GTC' : parameters.timeInForce,
    status: 'initialized',
    version: unheard,
    adopted: true,
    booked: true,
    ...noFills,
    cancelReason: null,
    cancelAskedAt: null,
    asks: 0,
    askedAt: context.now,
    placedAt: context.now,
    outdated: false,
    ...(working !== '' && { sizedBy: sizingMark(parameters) }),
    reasonCode: '',
    reasonText: '',
  };
  // An order that is asked for again and again is told by what becomes of it.
  if (state.failures === 0) tellPlaced(draft, fact, working);
  ask(draft, fact);
}

/** An order that does not rest is sent when the market would fill it now. */
export function wouldFillNow({ quote }: StrategyContext, side: Side, price: Price): boolean {
  if (quote === null) return false;
  return side === 'buy' ? quote.askPrice <= price : quote.bidPrice >= price;
}

/**
 * Post-only: where the market is at the price or through it, a tick away from it on our side, which is never a worse deal than
 * the price that was wanted. Without a quote the venue decides.
 */
export function restingPrice({ parameters, context }: Draft, side: Side, price: Price): Price {
  const { quote, instrument } = context;
  if (parameters.timeInForce !== 'PO' || quote === null) return price;
  const { tickSize } = instrument;
  const beside = side === 'buy' ? Price.minus(quote.askPrice, tickSize) : Price.plus(quote.bidPrice, tickSize);
  return isAsGood(price, beside, side) ? price : beside;
}

function tellPlaced(draft: Draft, { id, leg, side, quantity, price }: OrderFact, working: string): void {
  const { base } = draft.context.instrument;
  const text = `${side === 'buy' ? 'Buy' : 'Sell'} ${quantity} ${base} ${price === null ? 'at the market' : `at ${price}`}: ${leg} of cycle ${draft.state.cycle + 1}.`;
  const data = { clientOrderId: id, leg, side, quantity, price };
  if (working === '') draft.log('INFO', { code: 'ORDER_ASKED', text }, data);
  else draft.log('INFO', { code: 'ORDER_ASKED', text: `${text} Size: ${working}.` }, { ...data, size: working });
}

/** There is no id left for it; more than a million attempts of one leg mean that nothing here will change by itself. */
function giveUp(draft: Draft, leg: Leg): void {
  const text = `All attempts of the ${leg} are used up.`;
  draft.set({ mode: 'failed', endCode: 'ATTEMPTS_USED_UP', endText: text });
  draft.log('ERROR', { code: 'ATTEMPTS_USED_UP', text }, { leg });
  draft.reach('failed', 'ATTEMPTS_USED_UP', text);
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
    timeInForce: fact.timeInForce,
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
