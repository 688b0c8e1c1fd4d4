import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { ClockOffset } from '@scalpstorm/venue-api';
import type { RequestFailure } from './failure.js';
import { UnreadablePayload } from './fields.js';
import { RequestFailed } from './query-error.js';
import type { RestCall } from './rest-call.js';

const clockSkewCode = -1021;
const measurementLife: Micros = 120_000_000;

export const circuitText =
  'the venue failed too often, so nothing that opens is sent there; cancels, closes and look-ups still are, and their first answers end it';

export const blindText =
  'nobody tells what other processes spend, so what is left is kept for what ends a risk or a doubt';

export const withheld = (code: Extract<RequestFailure, { kind: 'withheld' }>['code'], text: string): RequestFailed =>
  new RequestFailed({ kind: 'withheld', code, text });

/** Why a request that the budget lets through must not leave all the same. */
export function lateObjection(
  { expiresAt, mayLeave }: Pick<RestCall<unknown>, 'expiresAt' | 'mayLeave'>,
  venueTime: Timestamp,
): RequestFailed | null {
  if (expiresAt !== undefined && venueTime >= expiresAt)
    return withheld('REQUEST_EXPIRED', 'expired before it was sent');
  return mayLeave?.() === false ? withheld('HELD_BACK', 'it was held back while it waited to be sent') : null;
}

export const isClockSkew = (error: unknown): boolean =>
  error instanceof RequestFailed && error.failure.kind === 'answered' && error.failure.code === clockSkewCode;

/** A short round trip says more than a recent one, for a while: clocks drift apart slowly. */
export const isBetter = (one: ClockOffset, other: ClockOffset): boolean =>
  one.roundTrip <= other.roundTrip || one.measuredAt - other.measuredAt > measurementLife;

/** Resolves early when the signal comes; never rejects. */
export function pause(length: Micros, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.ceil(length / 1_000));
    signal.addEventListener('abort', end);
  });
}

export function readAnswer<Answer>(read: (payload: unknown) => Answer, payload: unknown): Answer {
  try {
    return read(payload);
  } catch (error) {
    if (!(error instanceof UnreadablePayload)) throw error;
    throw new RequestFailed({ kind: 'unreadable', text: error.message }, { cause: error });
  }
}

/** Only a connection that nobody accepted proves that the request did not leave. */
export function transportFailure(error: unknown): RequestFailure {
  // ccxt names the whole address; what follows the path is signed and no business of a log.
  const text = (error instanceof Error ? error.message : String(error)).replace(/\?\S*/g, '');
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|Connect Timeout/.test(text))
    return { kind: 'refused', text };
  if (/timed out/.test(text)) return { kind: 'timeout', text };
  return { kind: 'lost', text };
}
