import { assert } from '@scalpstorm/kernel';
import { type CancelReason, ClientOrderId, isFinal, Quantity } from '@scalpstorm/model';
import { read } from './amounts.js';
import { held, tradable } from './books.js';
import { completeCycle, cycleIsComplete } from './completion.js';
import type { Draft } from './draft.js';
import { bookIfBegun, fallBack, restAfterCancel } from './hearing.js';
import { cancel, place } from './placing.js';
import type { MachineMode, OrderFact, ScalpingState } from './state.js';

/** Does whatever is due now. Ends after a bounded number of turns, because each one uses up an attempt or a cycle. */
export function advance(draft: Draft): void {
  const turnsMax = 64;
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const order = draft.live;
    if (order && !isFinal(order.status)) {
      if (draft.state.mode === 'pausing' && order.leg !== 'entry') paused(draft);
      cancelIfUnwanted(draft, order);
      return;
    }
    if (order) settle(draft, order);
    if (cycleIsComplete(draft)) completeCycle(draft);
    if (adoptHeard(draft)) continue;
    if (cancelAhead(draft) || moveOn(draft) === 'rest') return;
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
    const adopted = { ...fact, adopted: true, booked: true };
    if (!behind) {
      const begun = { attempts: { ...attempts, [slot.leg]: slot.attempt + 1 }, retryAt: null };
      draft.set({ live: fact.id, cycleStartedAt: draft.state.cycleStartedAt ?? fact.askedAt, ...begun });
    }
    draft.remember(adopted);
    bookIfBegun(draft, adopted, fact);
    if (behind && !isFinal(fact.status)) cancel(draft, adopted, 'replace');
    return true;
  }
  return false;
}

/** An order that we know to be alive, whose turn will not come in this mode, must go before anything else is done. */
function cancelAhead(draft: Draft): boolean {
  for (const fact of draft.state.orders) {
    if (fact.adopted || isFinal(fact.status)) continue;
    const reason = unwanted(draft.state, fact);
    // Whether it closes too much cannot be judged before its turn.
    if (reason === null || reason === 'replace') continue;
    cancel(draft, fact, reason);
    return true;
  }
  return false;
}

function cancelIfUnwanted(draft: Draft, order: OrderFact): void {
  const reason = unwanted(draft.state, order);
  if (reason !== null) cancel(draft, order, reason);
}

/** Why an order must not stay alive; null when it may. */
export function unwanted({ mode, stopReason, books }: ScalpingState, order: OrderFact): CancelReason | null {
  const opens = order.leg === 'entry';
  // What it was to close was closed by an order that we had forgotten.
  const left = read(order.quantity) - read(order.filled);
  const excess = !opens && (books.poolSide === order.side || left > read(books.poolBase)) ? 'replace' : null;
  const wanted: Record<MachineMode, CancelReason | null> = {
    running: excess,
    pausing: opens ? 'stop' : excess,
    paused: opens ? 'stop' : excess,
    stopping: stopReason,
    flattening: order.leg === 'flatten' ? excess : 'flatten',
    stopped: 'stop',
    finished: 'stop',
    failed: 'stop',
  };
  return wanted[mode];
}

/** The live order is over: what follows from the way in which it ended. */
function settle(draft: Draft, order: OrderFact): void {
  draft.set({ live: null });
  const { mode } = draft.state;
  const working = mode === 'running' || mode === 'paused' || mode === 'pausing' || mode === 'flattening';
  if (order.status === 'filled') draft.set({ failures: 0, retryAt: null });
  else if (!working) return;
  else if (order.status !== 'canceled' || wasLost(order)) fallBack(draft, order);
  else if (order.cancelReason === null) stopItself(draft, order);
  else if (order.cancelAskedAt === null) restAfterCancel(draft);
}

/** Nobody canceled it: the venue says that it has no such order (any more), which is asked for anew. */
const wasLost = ({ cancelReason, reasonCode }: OrderFact): boolean =>
  cancelReason === null && reasonCode === 'VENUE_NOT_FOUND';

/** Somebody canceled by hand: he wants the bot to stop, and says so in the only way that a venue has. */
function stopItself(draft: Draft, order: OrderFact): void {
  const text = 'The order was canceled at the venue, not by us; the bot has stopped and keeps what it holds.';
  draft.set({ mode: 'stopped', endCode: 'ORDER_CANCELED_AT_VENUE', endText: text });
  draft.log('WARNING', { code: 'ORDER_CANCELED_AT_VENUE', text }, { clientOrderId: order.id });
  draft.reach('auto-stopped', 'ORDER_CANCELED_AT_VENUE', text);
}

/** No order is alive. */
function moveOn(draft: Draft): 'again' | 'rest' {
  const { mode, retryAt, books } = draft.state;
  const { instrument, now } = draft.context;
  const open = tradable(books, instrument);
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
      if (open === 0n) return rest(draft, 'FLATTENED');
      if (retryAt === null || now >= retryAt) place(draft, 'flatten', open);
      return 'rest';
    case 'running':
    case 'paused':
      if (retryAt !== null && now < retryAt) return 'rest';
      if (open > 0n) place(draft, 'exit', open);
      else if (mode === 'running') place(draft, 'entry', draft.parameters.quantity);
      return 'rest';
  }
}

function paused(draft: Draft): void {
  draft.set({ mode: 'paused', endCode: '', endText: '' });
  draft.reach('paused', 'PAUSED', 'No new entries; exits go on.');
}

function rest(draft: Draft, code: 'STOPPED' | 'FLATTENED'): 'rest' {
  const quantity = Quantity.format(held(draft.state.books));
  const text = `The bot is stopped and holds ${quantity} ${draft.context.instrument.base}.`;
  draft.set({ mode: 'stopped', retryAt: null, endCode: code, endText: text });
  draft.reach('stopped', code, text);
  return 'rest';
}
