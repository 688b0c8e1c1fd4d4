import { applyOrderEvent, type OrderFault } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type { Fill, Order, OrderEvent, TradeId } from '@scalpstorm/model';
import type { TrackedOrder } from './order-row.js';

/** An event that moved the order, with the order as it was right after. */
export interface AppliedEvent {
  readonly event: OrderEvent;
  readonly order: Order;
}

export interface Folded {
  readonly tracked: TrackedOrder;
  readonly applied: readonly AppliedEvent[];
  readonly fills: readonly Fill[];
  readonly refused: readonly Refused[];
}

/** An event that must be looked at by somebody: the life of an order does not allow it, or its numbers can not be. */
export interface Refused {
  readonly event: OrderEvent;
  readonly fault: OrderFault;
}

/**
 * Applies events in order. A repeat moves nothing and is not an error; what the life of an order forbids is
 * refused and told apart, and the events after it are still tried: a venue may report them in any order.
 */
export function foldEvents(
  start: TrackedOrder,
  events: readonly OrderEvent[],
  knownTrades: ReadonlySet<TradeId>,
  now: Timestamp,
): Folded {
  let tracked = start;
  const trades = new Set(knownTrades);
  const applied: AppliedEvent[] = [];
  const fills: Fill[] = [];
  const refused: Refused[] = [];
  for (const event of events) {
    const next = applyOrderEvent(tracked.order, event, now, trades);
    if (!next.ok) {
      if (!isRepeat(next.error)) refused.push({ event, fault: next.error });
      continue;
    }
    tracked = { ...tracked, order: next.value, ...sendingMark(tracked, event) };
    applied.push({ event, order: next.value });
    if (event.kind === 'filled') {
      trades.add(event.fill.tradeId);
      fills.push(event.fill);
    }
  }
  return { tracked, applied, fills, refused };
}

function isRepeat(fault: OrderFault): boolean {
  return fault.kind === 'nothing-new' || fault.kind === 'duplicate-fill';
}

function sendingMark(tracked: TrackedOrder, event: OrderEvent): Pick<TrackedOrder, 'attempt' | 'requestExpiresAt'> {
  if (event.kind !== 'sending') return { attempt: tracked.attempt, requestExpiresAt: tracked.requestExpiresAt };
  return { attempt: event.attempt, requestExpiresAt: event.expiresAt };
}
