import { assert } from '@scalpstorm/kernel';
import { type CancelReason, ClientOrderId, isFinal, type OrderSlot, opposite, Quantity } from '@scalpstorm/model';
import { read } from './amounts.js';
import { held } from './books.js';
import { completeCycle, cycleIsComplete, endOf } from './completion.js';
import type { Draft } from './draft.js';
import { add, enter, mayLeave } from './entering.js';
import { closesAt, exitDue, isAheadOfEntry, openQuantity } from './exiting.js';
import { bookIfBegun, endsByItself, fallBack, keepRest, restAfterCancel } from './hearing.js';
import { limitPart, marketPart, refusedQuantity } from './parts.js';
import { cancel, type LegOrder, place, restingPrice } from './placing.js';
import { additionOf, isReplaced } from './planned.js';
import { markOf } from './pricing.js';
import { goOn, standForFills, standStill, standTooSmall } from './standing.js';
import { type MachineMode, type OrderFact, unheard } from './state.js';

/** Does whatever is due now. Ends after a bounded number of turns, because each one uses up an attempt or a cycle. */
export function advance(draft: Draft): void {
  const turnsMax = 64;
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const order = draft.live;
    if (order && !isFinal(order.status)) {
      if (draft.state.mode === 'pausing' && order.leg !== 'entry') paused(draft);
      // It is over at the venue: nothing is left to cancel.
      if (isEnding(order)) standForFills(draft);
      else cancelIfUnwanted(draft, order);
      return;
    }
    if (order) settle(draft, order);
    if (cycleIsComplete(draft)) completeCycle(draft);
    if (adoptHeard(draft)) continue;
    if (cancelAhead(draft)) return;
    if (adoptAhead(draft)) continue;
    if (moveOn(draft) === 'rest') return;
  }
  assert(false, `the cycle did not come to rest in ${turnsMax} turns`);
}

/**
 * Orders that we heard of before we asked (our state is older than they are): one whose turn has come becomes the live
 * one instead of being asked for; one whose turn has passed must not stay alive.
 */
function adoptHeard(draft: Draft): boolean {
  const { cycle, attempts, orders } = draft.state;
  for (const fact of orders) {
    const slot = fact.adopted ? null : ClientOrderId.slotOf(fact.id);
    if (slot === null || slot.cycle > cycle) continue;
    const behind = slot.cycle < cycle || slot.attempt < attempts[slot.leg];
    if (!behind && slot.attempt > attempts[slot.leg]) continue;
    if (!behind) {
      adopt(draft, fact, slot);
      return true;
    }
    const adopted = { ...fact, adopted: true, booked: true };
    draft.remember(adopted);
    bookIfBegun(draft, adopted, fact);
    if (!isFinal(fact.status)) cancel(draft, adopted, 'replace');
    return true;
  }
  return false;
}

/** An order that we know to be alive, whose turn will not come in this mode, must go before anything else is done. */
function cancelAhead(draft: Draft): boolean {
  for (const fact of draft.state.orders) {
    if (fact.adopted || isFinal(fact.status)) continue;
    const reason = unwanted(draft, fact);
    // Whether it closes too much cannot be judged before its turn.
    if (reason === null || reason === 'replace') continue;
    cancel(draft, fact, reason);
    return true;
  }
  return false;
}

/**
 * One of this cycle that we know to be alive although we have forgotten the attempts before it: they were used, or it would not
 * be there; or one of which we had only heard that it was denied. It becomes the live one, because another order beside it would be
 * the second.
 */
function adoptAhead(draft: Draft): boolean {
  for (const fact of draft.state.orders) {
    const isAlive = !isFinal(fact.status) && fact.version !== unheard;
    const slot = isAlive ? ClientOrderId.slotOf(fact.id) : null;
    if (slot === null || slot.cycle !== draft.state.cycle) continue;
    adopt(draft, fact, slot);
    return true;
  }
  return false;
}

/** Its turn has come: it is the live one from now on. */
function adopt(draft: Draft, fact: OrderFact, { leg, attempt }: OrderSlot): void {
  const { attempts, cycleStartedAt } = draft.state;
  const begun = { attempts: { ...attempts, [leg]: Math.max(attempts[leg], attempt + 1) }, retryAt: null };
  draft.set({ live: fact.id, cycleStartedAt: cycleStartedAt ?? fact.askedAt, ...begun });
  const adopted = { ...fact, adopted: true, booked: true };
  draft.remember(adopted);
  bookIfBegun(draft, adopted, fact);
}

function cancelIfUnwanted(draft: Draft, order: OrderFact): void {
  const reason = unwanted(draft, order);
  if (reason !== null) cancel(draft, order, reason);
}

/** Why an order must not stay alive; null when it may. */
export function unwanted(draft: Draft, order: OrderFact): CancelReason | null {
  const { mode, stopReason } = draft.state;
  const opens = order.leg === 'entry';
  const wrong = opens ? wrongEntry(draft, order) : wrongExit(draft, order);
  const wanted: Record<MachineMode, CancelReason | null> = {
    running: wrong,
    pausing: opens ? 'stop' : wrong,
    paused: opens ? 'stop' : wrong,
    stopping: stopReason,
    flattening: order.leg === 'flatten' ? wrong : 'flatten',
    stopped: 'stop',
    finished: 'stop',
    failed: 'stop',
  };
  return wanted[mode];
}

function wrongEntry(draft: Draft, order: OrderFact): CancelReason | null {
  const { state, context, parameters } = draft;
  if (state.closing !== null) return 'replace';
  // What has begun to fill is a cycle, and is finished.
  const excess = read(order.filled) === 0n && endOf(draft) !== null;
  if (order.outdated || excess) return 'update';
  if (isReplaced(draft, order)) return 'replace';
  const { entryTimeout } = parameters;
  const heard = order.version !== unheard;
  return heard && entryTimeout !== null && context.now >= order.placedAt + entryTimeout ? 'replace' : null;
}

function wrongExit(draft: Draft, order: OrderFact): CancelReason | null {
  const { books, closing } = draft.state;
  // What it was to close was closed by an order that we had forgotten.
  const left = read(order.quantity) - read(order.filled);
  if (books.poolSide === order.side || left > read(books.poolBase)) return 'replace';
  if (closing !== null && order.type !== 'market') return 'replace';
  if (order.outdated) return 'update';
  const gives =
    order.leg === 'exit' && order.type === 'limit' && (additionOf(draft) !== null || isReplaced(draft, order));
  return gives ? 'replace' : null;
}

/** The live order is over: what follows from the way in which it ended. */
function settle(draft: Draft, order: OrderFact): void {
  draft.set({ live: null });
  goOn(draft, 'order');
  const { mode } = draft.state;
  const working = mode === 'running' || mode === 'paused' || mode === 'pausing' || mode === 'flattening';
  if (order.status === 'filled') draft.set({ failures: 0, retryAt: null });
  else if (!working) return;
  else if (order.status !== 'canceled' || wasLost(order) || (order.cancelReason === null && endsByItself(order)))
    fallBack(draft, order);
  else if (mode === 'flattening') {
    // Whoever flattens wants it closed, whoever else has canceled what stood before; the close itself is tried again, not at once.
    if (order.leg === 'flatten') fallBack(draft, order);
  } else if (order.cancelReason === null) stopItself(draft, order);
  else if (order.cancelAskedAt === null) restAfterCancel(draft);
}

/** Over at the venue, which has not told all its fills. */
export const isEnding = ({ status, reasonCode }: OrderFact): boolean =>
  status === 'pending-cancel' && reasonCode === 'FILLS_AWAITED';

/** Nobody canceled it: the venue says that it has no such order (any more), which is asked for anew. */
const wasLost = ({ cancelReason, reasonCode }: OrderFact): boolean =>
  cancelReason === null && reasonCode === 'VENUE_NOT_FOUND';

/** Somebody canceled by hand: he wants the bot to stop, and says so in the only way that a venue has. */
function stopItself(draft: Draft, order: OrderFact): void {
  const { instrument } = draft.context;
  const what = `${order.side} ${order.quantity} ${instrument.base} ${order.price === null ? 'at the market' : `at ${order.price}`}`;
  const kept = Quantity.format(held(draft.state.books));
  const text =
    `The ${order.leg} order (${what}, ${order.id}) was canceled at ${instrument.venue}, not by us. The bot has stopped and keeps ` +
    `${kept} ${instrument.base}: start it to go on, or flatten it to close.`;
  draft.set({ mode: 'stopped', endCode: 'ORDER_CANCELED_AT_VENUE', endText: text });
  const data = { clientOrderId: order.id, leg: order.leg, venue: instrument.venue, held: kept };
  draft.log('WARNING', { code: 'ORDER_CANCELED_AT_VENUE', text }, data);
  draft.reach('auto-stopped', 'ORDER_CANCELED_AT_VENUE', text);
}

/** No order is alive. */
function moveOn(draft: Draft): 'again' | 'rest' {
  const { mode, retryAt } = draft.state;
  const { now } = draft.context;
  switch (mode) {
    case 'stopped':
    case 'finished':
    case 'failed':
      return 'rest';
    case 'stopping':
      return rest(draft, 'STOPPED');
    case 'pausing':
      paused(draft);
      return 'again';
    case 'flattening':
      return flatten(draft);
    case 'running':
    case 'paused':
      if (retryAt !== null && now < retryAt) return 'rest';
      if (openQuantity(draft) > 0n) return add(draft) ? 'rest' : exit(draft);
      if (mode === 'running') enter(draft);
      return 'rest';
  }
}

function flatten(draft: Draft): 'again' | 'rest' {
  const { retryAt, books } = draft.state;
  const quantity = openQuantity(draft);
  if (quantity === 0n) return rest(draft, 'FLATTENED');
  if (retryAt !== null && draft.context.now < retryAt) return 'rest';
  draft.set({ exitKind: 'flatten' });
  return close(draft, { leg: 'flatten', side: opposite(books.poolSide), price: null });
}

function exit(draft: Draft): 'again' | 'rest' {
  if (isAheadOfEntry(draft)) return 'rest';
  const due = exitDue(draft);
  if (due.kind === 'watched') return 'rest';
  if (due.kind !== 'due') {
    standStill(draft, 'exit', due);
    return 'rest';
  }
  const side = opposite(draft.state.books.poolSide);
  const price = due.exit.price && restingPrice(draft, side, due.exit.price);
  if (price !== null && !closesAt(draft, price)) {
    standTooSmall(draft, 'exit', price);
    return 'rest';
  }
  if (price !== null && !mayLeave(draft, { leg: 'exit', side, price })) return 'rest';
  draft.set({ exitKind: due.exit.kind });
  return close(draft, { leg: 'exit', side, price });
}

/** As much of what is held as the venue takes in one order; what it takes none of is dust, and what comes after it is due. */
function close(draft: Draft, order: Omit<LegOrder, 'quantity'>): 'again' | 'rest' {
  const { context } = draft;
  const type = order.price === null ? 'market' : 'limit';
  const price = order.price ?? markOf(context, order.side);
  const bounds = { instrument: context.instrument, price, refused: refusedQuantity(draft, type) };
  const quantity = (type === 'market' ? marketPart : limitPart)(openQuantity(draft), bounds);
  if (quantity === 0n) {
    keepRest(draft, order.leg);
    return 'again';
  }
  place(draft, { ...order, quantity });
  return 'rest';
}

function paused(draft: Draft): void {
  draft.set({ mode: 'paused', endCode: '', endText: '', waits: null });
  draft.reach('paused', 'PAUSED', 'No new entries; exits go on.');
}

function rest(draft: Draft, code: 'STOPPED' | 'FLATTENED'): 'rest' {
  const kept = held(draft.state.books);
  const dust = kept !== Quantity.zero && openQuantity(draft) === 0n ? ', too little for any order there' : '';
  const text = `The bot is stopped and holds ${Quantity.format(kept)} ${draft.context.instrument.base}${dust}.`;
  draft.set({ mode: 'stopped', retryAt: null, endCode: code, endText: text });
  draft.reach('stopped', code, text);
  return 'rest';
}
