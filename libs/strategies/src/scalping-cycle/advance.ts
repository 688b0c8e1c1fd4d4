import { assert } from '@scalpstorm/kernel';
import { type CancelReason, isFinal, type Leg, Quantity } from '@scalpstorm/model';
import { held, tradable } from './books.js';
import { completeCycle, cycleIsComplete } from './completion.js';
import type { Draft } from './draft.js';
import { adopt, fallBack, restAfterCancel } from './hearing.js';
import { cancel, place } from './placing.js';
import type { MachineMode, OrderFact, ScalpingState } from './state.js';

/** Does whatever is due now. Ends after a bounded number of turns, because each one uses up an attempt or a cycle. */
export function advance(draft: Draft): void {
  const turnsMax = 64;
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const { live } = draft;
    if (live && !live.adopted) adopt(draft, live);
    const order = draft.live;
    if (order && !isFinal(order.status)) {
      cancelIfUnwanted(draft, order);
      return;
    }
    if (order) settle(draft, order);
    if (cycleIsComplete(draft)) completeCycle(draft);
    if (moveOn(draft) !== 'again') return;
  }
  assert(false, `the cycle did not come to rest in ${turnsMax} turns`);
}

function cancelIfUnwanted(draft: Draft, order: OrderFact): void {
  const reason = unwanted(draft.state, order);
  if (reason !== null) cancel(draft, order, reason);
}

/** Why an order must not stay alive in this mode; null when it may. */
export function unwanted({ mode, stopReason }: ScalpingState, order: OrderFact): CancelReason | null {
  const opens = order.leg === 'entry';
  const wanted: Record<MachineMode, CancelReason | null> = {
    running: null,
    pausing: opens ? 'stop' : null,
    paused: opens ? 'stop' : null,
    stopping: stopReason,
    flattening: order.leg === 'flatten' ? null : 'flatten',
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
  else if (order.status !== 'canceled') fallBack(draft, order);
  else if (order.cancelReason === null) stopItself(draft, order);
  else if (order.cancelAskedAt === null) restAfterCancel(draft);
}

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
      draft.set({ mode: 'paused', endCode: '', endText: '' });
      draft.reach('paused', 'PAUSED', 'No new entries; exits go on.');
      return 'again';
    case 'flattening':
      if (open === 0n) return rest(draft, 'FLATTENED');
      return retryAt !== null && now < retryAt ? 'rest' : placed(draft, 'flatten', open);
    case 'running':
    case 'paused':
      if (retryAt !== null && now < retryAt) return 'rest';
      if (open > 0n) return placed(draft, 'exit', open);
      return mode === 'paused' ? 'rest' : placed(draft, 'entry', draft.parameters.quantity);
  }
}

function placed(draft: Draft, leg: Leg, quantity: Quantity): 'again' | 'rest' {
  return place(draft, leg, quantity) === 'adopted' ? 'again' : 'rest';
}

function rest(draft: Draft, code: 'STOPPED' | 'FLATTENED'): 'rest' {
  const quantity = Quantity.format(held(draft.state.books));
  const text = `The bot is stopped and holds ${quantity} ${draft.context.instrument.base}.`;
  draft.set({ mode: 'stopped', retryAt: null, endCode: code, endText: text });
  draft.reach('stopped', code, text);
  return 'rest';
}
