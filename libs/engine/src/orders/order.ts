import { assert, fail, ok, type Result, type Timestamp } from '@scalpstorm/kernel';
import {
  type Currency,
  type Fill,
  isFinal,
  Money,
  notional,
  type Order,
  type OrderEvent,
  type OrderRequest,
  type OrderStatus,
  Quantity,
  type TradeId,
} from '@scalpstorm/model';
import { addFee } from '../portfolio/fees.js';
import { awaitsFills } from './held-end.js';
import { isProof, type OrderEventKind, transitions } from './transitions.js';

/** Why an event leaves an order as it was. Only `nothing-new` is everyday; the others are kept and alarmed. */
export type OrderFault =
  | {
      /** True and already known (an acceptance after the fill, a second cancellation): not stored, not published. */
      readonly kind: 'nothing-new';
      readonly status: OrderStatus;
      readonly event: OrderEventKind;
    }
  | { readonly kind: 'illegal-transition'; readonly status: OrderStatus; readonly event: OrderEventKind }
  | {
      /** A final state was claimed for an order that may live at the venue, without evidence. */
      readonly kind: 'unproven-outcome';
      readonly status: OrderStatus;
      readonly event: OrderEventKind;
      readonly code: string;
    }
  | { readonly kind: 'duplicate-fill'; readonly tradeId: TradeId }
  | {
      /** More than was asked for. The caller quarantines the fill: the money moved, and no rule says whose it is. */
      readonly kind: 'overfill';
      readonly tradeId: TradeId;
      readonly quantity: Quantity;
      readonly filledQuantity: Quantity;
      readonly fillQuantity: Quantity;
      readonly excess: Quantity;
    }
  | {
      readonly kind: 'fill-mismatch';
      readonly tradeId: TradeId;
      readonly field: 'clientOrderId' | 'instrumentId' | 'side' | 'quantity' | 'price';
      readonly ours: string;
      readonly theirs: string;
    };

export function createOrder(request: OrderRequest, quote: Currency, now: Timestamp): Order {
  return {
    request,
    status: 'initialized',
    statusBefore: null,
    venueOrderId: null,
    filledQuantity: Quantity.zero,
    filledNotional: Money.zero(quote),
    fees: [],
    cancelReason: null,
    reason: null,
    version: 0,
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * The order after an event, or why the event cannot be applied. The version counts applied events.
 *
 * `knownTrades` holds the ids of the fills that were applied before. It is an argument and not a part of the order,
 * because the record of fills is a table with a unique key and an order that carried its trades would grow without bound.
 */
export function applyOrderEvent(
  order: Order,
  event: OrderEvent,
  now: Timestamp,
  knownTrades: ReadonlySet<TradeId>,
): Result<Order, OrderFault> {
  const { status } = order;
  if (event.kind === 'filled') {
    const fault = fillFault(order, event.fill, knownTrades);
    if (fault) return fail(fault);
  }
  const step = transitions[status][event.kind];
  if (step === undefined) return fail({ kind: 'illegal-transition', status, event: event.kind });
  if (step === 'same' || isMoot(order, event)) return fail({ kind: 'nothing-new', status, event: event.kind });
  const unproven = unprovenOutcome(order, event);
  if (unproven) return fail(unproven);
  const states = statesAfter(order, event);
  if (!states.ok) return states;
  return ok({
    ...order,
    ...factsOf(order, event),
    ...states.value,
    version: order.version + 1,
    updatedAt: now,
  });
}

/** Whoever cancels now did not end it, and whoever was refused did not keep it alive: whose cancel it was stays as it is. */
function isMoot(order: Order, { kind }: OrderEvent): boolean {
  return awaitsFills(order) && (kind === 'end-held' || kind === 'cancel-requested' || kind === 'cancel-rejected');
}

type States = Pick<Order, 'status' | 'statusBefore'>;

function statesAfter(order: Order, event: OrderEvent): Result<States, OrderFault> {
  const { status, statusBefore } = order;
  const step = transitions[status][event.kind];
  if (step === 'beneath' || step === 'before') {
    assert(statusBefore !== null, `${status} without the state before it`);
    if (step === 'before') return ok({ status: statusBefore, statusBefore: null });
    const under = transitions[statusBefore][event.kind];
    if (under === undefined) return fail({ kind: 'illegal-transition', status, event: event.kind });
    if (under === 'same') return fail({ kind: 'nothing-new', status, event: event.kind });
    const beneath = statesAfter({ ...order, status: statusBefore, statusBefore: null }, event);
    if (!beneath.ok) return beneath;
    const next = beneath.value.status;
    return ok(isFinal(next) ? { status: next, statusBefore: null } : { status, statusBefore: next });
  }
  if (step === 'fill') {
    return ok({ status: completes(order, event) ? 'filled' : 'partially-filled', statusBefore: null });
  }
  if (step === 'late-fill') return ok({ status: completes(order, event) ? 'filled' : status, statusBefore: null });
  assert(step !== undefined && step !== 'same', `no step from ${status}`);
  if (step === 'pending-cancel') {
    const before = statusBefore ?? status;
    return ok({ status: step, statusBefore: event.kind === 'end-held' ? takenByVenue(before) : before });
  }
  return ok({ status: step, statusBefore: null });
}

/** What the venue ended it had taken before, whether it told so or not. */
function takenByVenue(status: OrderStatus): OrderStatus {
  return status === 'sending' || status === 'submitted' || status === 'unknown' ? 'accepted' : status;
}

function completes(order: Order, event: OrderEvent): boolean {
  assert(event.kind === 'filled', 'only a fill completes an order');
  return order.filledQuantity + event.fill.quantity === order.request.quantity;
}

/** What the event teaches about the order, apart from its state. */
function factsOf(order: Order, event: OrderEvent): Partial<Order> {
  switch (event.kind) {
    case 'accepted':
      return { venueOrderId: event.venueOrderId, ...settledDoubt(order) };
    case 'filled':
      return {
        ...settledDoubt(order),
        venueOrderId: order.venueOrderId ?? event.fill.venueOrderId,
        filledQuantity: Quantity.plus(order.filledQuantity, event.fill.quantity),
        filledNotional: Money.plus(
          order.filledNotional,
          notional(event.fill.price, event.fill.quantity, order.filledNotional.currency),
        ),
        fees: addFee(order.fees, event.fill.fee),
      };
    case 'cancel-requested':
      return { cancelReason: event.cancelReason };
    // None of ours can end it any more: a cancel from now on is somebody else's, and must not pass as ours.
    case 'cancel-rejected':
      return { cancelReason: null, reason: event.reason };
    case 'denied':
    case 'rejected':
    case 'outcome-unknown':
    case 'end-held':
    case 'canceled':
    case 'expired':
      return { reason: event.reason };
    // The venue speaks of it: it has it.
    case 'triggered':
      return { ...settledDoubt(order) };
    case 'emulated':
    case 'released':
    case 'sending':
    case 'submitted':
      return {};
  }
}

/** The venue has it: why it was in doubt is over, and must not be shown as if it were still so. */
function settledDoubt(order: Order): Pick<Order, 'reason'> | null {
  return (order.statusBefore ?? order.status) === 'unknown' ? { reason: null } : null;
}

function unprovenOutcome(order: Order, event: OrderEvent): OrderFault | null {
  if (event.kind !== 'rejected' && event.kind !== 'canceled' && event.kind !== 'expired') return null;
  const doubtful = (order.statusBefore ?? order.status) === 'unknown';
  if (!doubtful || isProof(event.reason.code)) return null;
  return { kind: 'unproven-outcome', status: order.status, event: event.kind, code: event.reason.code };
}

function fillFault(order: Order, fill: Fill, knownTrades: ReadonlySet<TradeId>): OrderFault | null {
  const { request } = order;
  const { tradeId } = fill;
  if (transitions[order.status].filled === undefined) {
    return { kind: 'illegal-transition', status: order.status, event: 'filled' };
  }
  if (knownTrades.has(tradeId)) return { kind: 'duplicate-fill', tradeId };
  for (const field of ['clientOrderId', 'instrumentId', 'side'] as const) {
    if (fill[field] !== request[field]) {
      return { kind: 'fill-mismatch', tradeId, field, ours: request[field], theirs: fill[field] };
    }
  }
  for (const field of ['quantity', 'price'] as const) {
    if (fill[field] <= 0n) {
      return { kind: 'fill-mismatch', tradeId, field, ours: 'more than zero', theirs: fill[field].toString() };
    }
  }
  const excess = Quantity.fromUnits(order.filledQuantity + fill.quantity - request.quantity);
  if (excess <= 0n) return null;
  return {
    kind: 'overfill',
    tradeId,
    quantity: request.quantity,
    filledQuantity: order.filledQuantity,
    fillQuantity: fill.quantity,
    excess,
  };
}
