import type { VenueId } from '@scalpstorm/model';
import { type RefusalCode, VenueRefused, VenueUnreachable, type WeatherCode } from '@scalpstorm/venue-api';
import { failureText, judgeFailure, type RequestFailure, type Verdict } from './failure.js';

/** A request that did not end with a readable answer. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';

  constructor(
    readonly failure: RequestFailure,
    options?: ErrorOptions,
  ) {
    super(failureText(failure), options);
  }
}

const doubts: Readonly<Record<Extract<Verdict, { kind: 'unknown' }>['code'], WeatherCode>> = {
  TIMEOUT: 'VENUE_TIMEOUT',
  CONNECTION_LOST: 'VENUE_UNREACHABLE',
  VENUE_FAILURE: 'VENUE_OVERLOADED',
  UNREADABLE_ANSWER: 'VENUE_UNREADABLE',
  DUPLICATE_CLIENT_ORDER_ID: 'VENUE_UNREADABLE',
};

type RefusedCode = Extract<Verdict, { kind: 'refused' }>['code'];

const weather: Partial<Readonly<Record<RefusedCode, WeatherCode>>> = {
  NOT_CONNECTED: 'VENUE_UNREACHABLE',
  RATE_LIMITED: 'VENUE_RATE_LIMITED',
  VENUE_OVERLOADED: 'VENUE_OVERLOADED',
  VENUE_CIRCUIT_OPEN: 'VENUE_CIRCUIT_OPEN',
  CLOCK_SKEW: 'VENUE_CLOCK_SKEW',
  REQUEST_EXPIRED: 'VENUE_CLOCK_SKEW',
};

const refusals: Partial<Readonly<Record<RefusedCode, { readonly code: RefusalCode; readonly next: string }>>> = {
  AUTH_REFUSED: { code: 'VENUE_AUTH_REFUSED', next: 'check the API key, its rights and its IP list' },
  UNKNOWN_INSTRUMENT: { code: 'VENUE_UNKNOWN_INSTRUMENT', next: 'choose a symbol that the venue lists' },
};

/** What a failure of a question means to who asked: ask again later, or change something. */
export function queryError(venue: VenueId, error: RequestFailed): VenueUnreachable | VenueRefused {
  const { failure, message } = error;
  const cause = { cause: error };
  if (failure.kind === 'withheld' && failure.code === 'CLOSED')
    return new VenueUnreachable(venue, 'VENUE_CLOSED', message, cause);
  const verdict = judgeFailure(failure);
  if (verdict.kind === 'not-found')
    return new VenueRefused(venue, 'VENUE_REQUEST_REFUSED', message, 'look it up', cause);
  if (verdict.kind === 'unknown') return new VenueUnreachable(venue, doubts[verdict.code], message, cause);
  const code = weather[verdict.code];
  if (code !== undefined) return new VenueUnreachable(venue, code, message, cause);
  const refusal = refusals[verdict.code] ?? {
    code: 'VENUE_REQUEST_REFUSED' as const,
    next: 'see the words of the venue',
  };
  return new VenueRefused(venue, refusal.code, message, refusal.next, cause);
}

/** True: the venue itself said that there is no such order. */
export const isNotFound = (error: unknown): boolean => {
  const cause = error instanceof VenueRefused ? error.cause : null;
  return cause instanceof RequestFailed && judgeFailure(cause.failure).kind === 'not-found';
};

/** True: the venue does not know the endpoint; an older one, or a simulated one. */
export const isUnknownEndpoint = (error: unknown): boolean => {
  const cause = error instanceof VenueRefused || error instanceof VenueUnreachable ? error.cause : null;
  return cause instanceof RequestFailed && cause.failure.kind === 'answered' && cause.failure.status === 404;
};
