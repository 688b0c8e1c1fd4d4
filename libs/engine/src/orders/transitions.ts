import type { OrderEvent, OrderStatus } from '@scalpstorm/model';

export type OrderEventKind = OrderEvent['kind'];

/**
 * What an event does in a state.
 * - a status: the next state
 * - `fill`: `filled` when the fill completes the order, else `partially-filled`
 * - `late-fill`: `filled` when the fill completes the order, else the state stays as it is: the order is dead, its fill is not
 * - `beneath`: the pending state stays, and the state under it (`statusBefore`) makes the step
 * - `before`: back to `statusBefore`
 * - `same`: true, but it says nothing new
 */
export type Step = OrderStatus | 'fill' | 'late-fill' | 'beneath' | 'before' | 'same';

/** Absent means illegal. */
export type TransitionTable = {
  readonly [Status in OrderStatus]: { readonly [Kind in OrderEventKind]?: Step };
};

/** Before anything has left us. */
const local = {
  denied: 'denied',
  'cancel-requested': 'pending-cancel',
  canceled: 'canceled',
  expired: 'expired',
} as const;

/** The venue has said that it has the order; an answer to the placement that arrives now is old news. */
const atVenue = {
  submitted: 'same',
  triggered: 'same',
  'outcome-unknown': 'same',
  rejected: 'rejected',
  filled: 'fill',
  'cancel-requested': 'pending-cancel',
  'cancel-rejected': 'same',
  'end-held': 'pending-cancel',
  canceled: 'canceled',
  expired: 'expired',
} as const;

const pending = {
  submitted: 'beneath',
  accepted: 'beneath',
  triggered: 'beneath',
  'outcome-unknown': 'beneath',
  filled: 'beneath',
  rejected: 'rejected',
  'cancel-requested': 'pending-cancel',
  'cancel-rejected': 'before',
  'end-held': 'pending-cancel',
  canceled: 'canceled',
  expired: 'expired',
} as const;

/** The order is dead; only a fill that was on its way can still say something. */
const dead = {
  submitted: 'same',
  accepted: 'same',
  triggered: 'same',
  'outcome-unknown': 'same',
  filled: 'late-fill',
  'cancel-requested': 'same',
  'cancel-rejected': 'same',
  'end-held': 'same',
} as const;

/** The life of an order: state → event → next. The only place where a status is decided. */
export const transitions: TransitionTable = {
  initialized: { ...local, emulated: 'emulated', released: 'released', sending: 'sending' },
  denied: { denied: 'same', 'cancel-requested': 'same' },
  emulated: { ...local, emulated: 'same', released: 'released' },
  released: { ...local, sending: 'sending' },
  sending: {
    sending: 'sending',
    submitted: 'submitted',
    accepted: 'accepted',
    triggered: 'triggered',
    rejected: 'rejected',
    'outcome-unknown': 'unknown',
    filled: 'fill',
    'cancel-requested': 'pending-cancel',
    'cancel-rejected': 'same',
    'end-held': 'pending-cancel',
    canceled: 'canceled',
    expired: 'expired',
  },
  submitted: {
    submitted: 'same',
    accepted: 'accepted',
    triggered: 'triggered',
    rejected: 'rejected',
    'outcome-unknown': 'unknown',
    filled: 'fill',
    'cancel-requested': 'pending-cancel',
    'cancel-rejected': 'same',
    'end-held': 'pending-cancel',
    canceled: 'canceled',
    expired: 'expired',
  },
  accepted: { ...atVenue, accepted: 'same', triggered: 'triggered' },
  triggered: { ...atVenue, accepted: 'same' },
  'partially-filled': { ...atVenue, accepted: 'same' },
  'pending-update': pending,
  'pending-cancel': pending,
  unknown: {
    sending: 'sending',
    submitted: 'same',
    accepted: 'accepted',
    triggered: 'triggered',
    rejected: 'rejected',
    'outcome-unknown': 'same',
    filled: 'fill',
    'cancel-requested': 'pending-cancel',
    'cancel-rejected': 'same',
    'end-held': 'pending-cancel',
    canceled: 'canceled',
    expired: 'expired',
  },
  filled: { ...dead, filled: 'late-fill' },
  canceled: { ...dead, canceled: 'same' },
  rejected: { ...dead, rejected: 'same' },
  expired: { ...dead, expired: 'same' },
};

/** Codes that are evidence: the venue's own word (`VENUE_…`), or a look-up that found nothing after the request had expired. */
export const notFoundAfterExpiry = 'NOT_FOUND_AFTER_EXPIRY';
export const venueCodePrefix = 'VENUE_';

export function isProof(code: string): boolean {
  return code.startsWith(venueCodePrefix) || code === notFoundAfterExpiry;
}
