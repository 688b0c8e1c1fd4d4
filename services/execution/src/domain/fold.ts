import { applyOrderEvent, endOrHeld, type OrderFault } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type { Fill, Order, OrderEvent, Quantity, TradeId } from '@scalpstorm/model';
import { contentOf } from './fill-content.js';
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

/** The venue's trade is booked already, and what is told of it now is something else: one of the two is wrong. */
export interface FillConflict {
  readonly kind: 'fill-conflict';
  readonly tradeId: TradeId;
  readonly booked: string;
  readonly told: string;
}

/** An event that must be looked at by somebody: the life of an order does not allow it, or its numbers can not be. */
export interface Refused {
  readonly event: OrderEvent;
  readonly fault: OrderFault | FillConflict;
}

/** The content under which the trade of a fill is booked; null when it is not. */
export type BookedAs = (fill: Fill) => string | null;

/** What somebody told of an order, see `Change`. */
export interface Told {
  readonly events: readonly OrderEvent[];
  readonly filledAtVenue?: Quantity | null;
}

/**
 * Applies events in order. A repeat moves nothing and is not an error; what the life of an order forbids is
 * refused and told apart, and the events after it are still tried: a venue may report them in any order.
 */
export function foldEvents(
  start: TrackedOrder,
  { events, filledAtVenue = null }: Told,
  bookedAs: BookedAs,
  now: Timestamp,
): Folded {
  let tracked = start;
  const applied: AppliedEvent[] = [];
  const fills: Fill[] = [];
  const refused: Refused[] = [];
  for (const given of events) {
    const event = endOrHeld(tracked.order, ofExpiry(tracked.order, given), filledAtVenue);
    const told = event.kind === 'filled' ? judgeBooked(event.fill, fills, bookedAs) : 'new';
    if (told === 'repeat') continue;
    if (told !== 'new') {
      refused.push({ event, fault: told });
      continue;
    }
    const next = applyOrderEvent(tracked.order, event, now, noTrades);
    if (!next.ok) {
      if (next.error.kind !== 'nothing-new') refused.push({ event, fault: next.error });
      continue;
    }
    tracked = { ...tracked, order: next.value, ...sendingMark(tracked, event) };
    applied.push({ event, order: next.value });
    if (event.kind === 'filled') fills.push(event.fill);
  }
  return { tracked, applied, fills, refused };
}

/** Canceled because its time is over: that is what it ended of. In doubt the venue's own word stays, which is the proof. */
function ofExpiry({ cancelReason, status, statusBefore }: Order, event: OrderEvent): OrderEvent {
  if (event.kind !== 'canceled' || cancelReason !== 'expiry') return event;
  if ((statusBefore ?? status) === 'unknown') return { kind: 'expired', reason: event.reason };
  return { kind: 'expired', reason: { code: 'GTD_EXPIRED', text: 'its time is over; what was left was canceled' } };
}

/** Repeats are told apart here by their content, which the engine does not know. */
const noTrades: ReadonlySet<TradeId> = new Set();

function judgeBooked(fill: Fill, fresh: readonly Fill[], bookedAs: BookedAs): 'new' | 'repeat' | FillConflict {
  const { tradeId } = fill;
  const earlier = fresh.find((other) => other.tradeId === tradeId);
  const booked = earlier ? contentOf(earlier) : bookedAs(fill);
  const told = contentOf(fill);
  if (booked === null) return 'new';
  return booked === told ? 'repeat' : { kind: 'fill-conflict', tradeId, booked, told };
}

function sendingMark(tracked: TrackedOrder, event: OrderEvent): Pick<TrackedOrder, 'attempt' | 'requestExpiresAt'> {
  if (event.kind !== 'sending') return { attempt: tracked.attempt, requestExpiresAt: tracked.requestExpiresAt };
  return { attempt: event.attempt, requestExpiresAt: event.expiresAt };
}
