import {
  ClientOrderId,
  type Fill,
  isFinal,
  type Order,
  type OrderEvent,
  Quantity,
  type TradeId,
  type VenueOrderId,
} from '@scalpstorm/model';

/** An order as the venue tells it. */
export interface VenueOrderView {
  readonly venueOrderId: VenueOrderId;
  readonly clientOrderId: ClientOrderId;
  readonly status: 'open' | 'filled' | 'canceled' | 'rejected' | 'expired';
  /** It waited for a trigger, which was reached. */
  readonly triggered?: boolean;
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  /** As many as the caller could get; the ones that we have already are recognised by their trade id. */
  readonly fills: readonly Fill[];
}

export interface ReconcileCircumstances {
  readonly knownTrades: ReadonlySet<TradeId>;
  /** The not-found answer was to a question that left after the request's own expiry and the venue's read lag (see `sendingDecision`). */
  readonly absenceProved: boolean;
}

export type Reconciliation =
  | {
      /** Apply the events in order. A final event is held back while `missing` is more than zero: fetch the fills first. */
      readonly kind: 'aligned';
      readonly events: readonly OrderEvent[];
      readonly missing: Quantity;
    }
  /** Nothing is proved yet. */
  | { readonly kind: 'wait' }
  /** The venue never had it and can no longer get it: resend, or give up with `NOT_FOUND_AFTER_EXPIRY`. */
  | { readonly kind: 'may-resend' }
  | {
      /** No event can mend it. `events` are the fills that must be applied all the same. */
      readonly kind: 'conflict';
      readonly code: 'ORDER_VANISHED' | 'ALIVE_AT_VENUE' | 'QUANTITY_DIFFERS' | 'FILLS_DIFFER' | 'FINAL_STATE_DIFFERS';
      readonly ours: string;
      readonly theirs: string;
      readonly events: readonly OrderEvent[];
    };

/** The events that bring our order in line with the venue's truth. Applying them and asking again gives no events. */
export function reconcileOrder(
  ours: Order,
  theirs: VenueOrderView | 'not-found',
  circumstances: ReconcileCircumstances,
): Reconciliation {
  if (theirs === 'not-found') return reconcileAbsent(ours, circumstances.absenceProved);
  const fills = newFills(theirs, circumstances.knownTrades);
  const events: OrderEvent[] = [];
  if (neverAcknowledged(ours)) events.push({ kind: 'accepted', venueOrderId: theirs.venueOrderId });
  if (theirs.triggered === true && hasNotTriggered(ours)) events.push({ kind: 'triggered' });
  for (const fill of fills) events.push({ kind: 'filled', fill });
  const booked = fills.reduce((sum, fill) => sum + fill.quantity, ours.filledQuantity as bigint);
  const conflict = conflictOf(ours, theirs, Quantity.fromUnits(booked));
  // Even in a conflict a fill is money that moved.
  if (conflict) return { kind: 'conflict', ...conflict, events: fills.map((fill) => ({ kind: 'filled', fill })) };
  const missing = Quantity.fromUnits(theirs.filledQuantity - booked);
  if (missing === 0n && !isFinal(ours.status)) events.push(...finalEvent(ours, theirs));
  return { kind: 'aligned', events, missing };
}

function reconcileAbsent(ours: Order, absenceProved: boolean): Reconciliation {
  if (isFinal(ours.status)) return { kind: 'aligned', events: [], missing: Quantity.zero };
  const status = ours.statusBefore ?? ours.status;
  switch (status) {
    case 'initialized':
    case 'emulated':
    case 'released':
      return { kind: 'aligned', events: [], missing: Quantity.zero };
    case 'sending':
    case 'submitted':
    case 'unknown':
      return absenceProved ? { kind: 'may-resend' } : { kind: 'wait' };
    default:
      return { kind: 'conflict', code: 'ORDER_VANISHED', ours: ours.status, theirs: 'not found', events: [] };
  }
}

function neverAcknowledged(ours: Order): boolean {
  const status = ours.statusBefore ?? ours.status;
  return status === 'sending' || status === 'submitted' || status === 'unknown';
}

const hasNotTriggered = (ours: Order): boolean =>
  neverAcknowledged(ours) || (ours.statusBefore ?? ours.status) === 'accepted';

function newFills(theirs: VenueOrderView, knownTrades: ReadonlySet<TradeId>): Fill[] {
  const unseen = new Map<TradeId, Fill>();
  for (const fill of theirs.fills) if (!knownTrades.has(fill.tradeId)) unseen.set(fill.tradeId, fill);
  return [...unseen.values()].sort((left, right) => left.occurredAt - right.occurredAt);
}

type Conflict = Pick<Extract<Reconciliation, { kind: 'conflict' }>, 'code' | 'ours' | 'theirs'>;

function conflictOf(ours: Order, theirs: VenueOrderView, booked: Quantity): Conflict | null {
  const { request, status } = ours;
  // First: whatever else differs, an order that must not live any more is canceled there.
  if (isFinal(status) && theirs.status === 'open')
    return { code: 'ALIVE_AT_VENUE', ours: status, theirs: theirs.status };
  if (theirs.clientOrderId !== request.clientOrderId || isAnotherQuantity(ours, theirs)) {
    return {
      code: 'QUANTITY_DIFFERS',
      ours: `${request.clientOrderId} ${Quantity.format(request.quantity)}`,
      theirs: `${theirs.clientOrderId} ${Quantity.format(theirs.quantity)}`,
    };
  }
  if (booked > theirs.filledQuantity) {
    return {
      code: 'FILLS_DIFFER',
      ours: Quantity.format(booked),
      theirs: Quantity.format(theirs.filledQuantity),
    };
  }
  const neverSent = status === 'initialized' || status === 'emulated' || status === 'released';
  if (neverSent) return { code: 'ALIVE_AT_VENUE', ours: status, theirs: theirs.status };
  if (!isFinal(status)) return null;
  // The late fill turns our dead order into a filled one, or the venue means the same by another word.
  if (theirs.status === status || theirs.status === 'filled' || booked === request.quantity) return null;
  return { code: 'FINAL_STATE_DIFFERS', ours: status, theirs: theirs.status };
}

/** Somebody made it smaller at the venue. While it works nobody knows what else they do; when it is over, its fills and its end count. */
const isSmaller = (ours: Order, theirs: VenueOrderView): boolean => theirs.quantity < ours.request.quantity;

function isAnotherQuantity(ours: Order, theirs: VenueOrderView): boolean {
  if (theirs.quantity === ours.request.quantity) return false;
  return theirs.status === 'open' || !isSmaller(ours, theirs);
}

function finalEvent(ours: Order, theirs: VenueOrderView): readonly OrderEvent[] {
  switch (theirs.status) {
    case 'open':
      return [];
    case 'filled':
      return isSmaller(ours, theirs) ? [{ kind: 'canceled', reason: madeSmaller }] : [];
    case 'canceled':
      return [{ kind: 'canceled', reason: { code: 'VENUE_CANCELED', text: 'The venue says that it is canceled.' } }];
    case 'rejected':
      return [{ kind: 'rejected', reason: { code: 'VENUE_REJECTED', text: 'The venue says that it refused it.' } }];
    case 'expired':
      return [{ kind: 'expired', reason: { code: 'VENUE_EXPIRED', text: 'The venue says that it expired.' } }];
  }
}

const madeSmaller = { code: 'VENUE_AMENDED', text: 'It was made smaller at the venue, and is filled there.' };
