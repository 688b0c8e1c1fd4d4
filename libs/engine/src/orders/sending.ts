import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { Order } from '@scalpstorm/model';

/** What the venue answered when it was asked for the order by our id. */
export type Lookup =
  | { readonly kind: 'found' }
  /** `askedAt`: venue time at which the question left, not the answer's: only a question after the expiry proves absence. */
  | { readonly kind: 'not-found'; readonly askedAt: Timestamp }
  /** The question itself failed. */
  | { readonly kind: 'failed' };

export interface SendingSituation {
  readonly order: Order;
  /** The request's own expiry in venue time: the venue refuses the request afterwards. */
  readonly expiresAt: Timestamp;
  /** Our estimate of the venue's clock; null when there is none. */
  readonly venueNow: Timestamp | null;
  /** How far the estimate may be off, in microseconds. */
  readonly venueClockErrorMax: Micros;
  /**
   * How far the venue's answers may lie behind what it has taken, in microseconds: a look-up may be answered by a copy that has
   * not heard of a request yet which was taken just before its expiry.
   */
  readonly venueReadLag: Micros;
  /** The newest answer; null before the first question. */
  readonly lookup: Lookup | null;
  /** Attempts are left and the approval still holds. */
  readonly mayResend: boolean;
}

/**
 * - `wait`: nothing to do now
 * - `query`: ask the venue for the order by our id
 * - `adopt`: the venue has it; bring our order in line
 * - `resend`: it is proved absent and can no longer arrive; send it again
 * - `give-up`: proved absent and no longer wanted; `expired` with `NOT_FOUND_AFTER_EXPIRY`
 */
export type SendingDecision = 'wait' | 'query' | 'resend' | 'adopt' | 'give-up';

/**
 * The SENDING protocol: a request that left is never repeated on a guess. Absence is proved only by a not-found answer
 * to a question that left after the request's own expiry, because until then the request may still be on its way, and by so
 * much later that whatever was taken until then can be read.
 */
export function sendingDecision(situation: SendingSituation): SendingDecision {
  const { order, lookup, venueNow, expiresAt, venueClockErrorMax, venueReadLag } = situation;
  const status = order.statusBefore ?? order.status;
  if (status !== 'sending' && status !== 'submitted' && status !== 'unknown') return 'wait';
  if (lookup?.kind === 'found') return 'adopt';
  const readable = (time: Timestamp): boolean => time - venueClockErrorMax - venueReadLag > expiresAt;
  if (lookup?.kind === 'not-found' && readable(lookup.askedAt)) {
    const wanted = order.status !== 'pending-cancel';
    return wanted && situation.mayResend ? 'resend' : 'give-up';
  }
  if (venueNow !== null && readable(venueNow)) return 'query';
  // The answer to the request itself may still come.
  if (status !== 'unknown') return 'wait';
  // Unknown: an early look-up can only find it. Once it has not, nothing can be learnt before that.
  return lookup?.kind === 'not-found' ? 'wait' : 'query';
}
