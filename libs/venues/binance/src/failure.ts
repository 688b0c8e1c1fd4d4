import { type KnownRefusal, prospectOf } from '@scalpstorm/model';
import type { CancelOutcome, PlaceOutcome, PlaceRejectionCode, UnknownOutcomeCode } from '@scalpstorm/venue-api';

/** How a request ended when it did not end well, before anybody gives it a meaning. */
export type RequestFailure =
  /** The venue answered with an error. `code` and `text` are its own; null where the body was not its JSON. */
  | { readonly kind: 'answered'; readonly status: number; readonly code: number | null; readonly text: string }
  /** Answered with success and a body that cannot be read. */
  | { readonly kind: 'unreadable'; readonly text: string }
  /** It did not leave: our own budget, breaker or deadline forbade it, or we are closed. */
  | {
      readonly kind: 'withheld';
      readonly code: 'RATE_LIMITED' | 'REQUEST_EXPIRED' | 'HELD_BACK' | 'CLOSED' | 'VENUE_CIRCUIT_OPEN';
      readonly text: string;
    }
  /** It did not leave: nobody listens at the address. */
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'timeout'; readonly text: string }
  | { readonly kind: 'lost'; readonly text: string };

/** What a failure proves about an order that was to be placed or canceled. */
export type Verdict =
  | { readonly kind: 'refused'; readonly code: PlaceRejectionCode; readonly retryable: boolean }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unknown'; readonly code: UnknownOutcomeCode };

/** Venue codes after which the venue itself does not say whether it did it (Binance, errors of the general group). */
const undecidedCodes: ReadonlySet<number> = new Set([-1000, -1001, -1006, -1007]);
const throttleCodes: ReadonlySet<number> = new Set([-1003, -1015, -1034]);
const authCodes: ReadonlySet<number> = new Set([-1002, -1022, -1099, -2014, -2015]);
const requestCodeRange = { from: -1199, to: -1100 };

/** Pure: the same failure always means the same. Whatever is not proof is `unknown`. */
export function judgeFailure(failure: RequestFailure): Verdict {
  switch (failure.kind) {
    case 'withheld':
      return refusal(failure.code === 'CLOSED' ? 'NOT_CONNECTED' : failure.code);
    case 'refused':
      return refusal('NOT_CONNECTED');
    case 'timeout':
      return { kind: 'unknown', code: 'TIMEOUT' };
    case 'lost':
      return { kind: 'unknown', code: 'CONNECTION_LOST' };
    case 'unreadable':
      return { kind: 'unknown', code: 'UNREADABLE_ANSWER' };
    case 'answered':
      return judgeAnswer(failure.status, failure.code, failure.text);
  }
}

function judgeAnswer(status: number, code: number | null, text: string): Verdict {
  if (status === 429 || status === 418) return refusal('RATE_LIMITED');
  if (code === -1008) return refusal('VENUE_OVERLOADED');
  if (status >= 500) return { kind: 'unknown', code: 'VENUE_FAILURE' };
  if (code === null) return judgeForeignAnswer(status);
  if (undecidedCodes.has(code)) return { kind: 'unknown', code: 'VENUE_FAILURE' };
  if (throttleCodes.has(code)) return refusal('RATE_LIMITED');
  if (code === -1021) return refusal('CLOCK_SKEW');
  // -2011 is any refusal to cancel; only these words say that there is nothing to cancel.
  if (code === -2013 || (code === -2011 && /unknown order/i.test(text))) return { kind: 'not-found' };
  if (authCodes.has(code)) return refusal('AUTH_REFUSED');
  if (code === -1121) return refusal('UNKNOWN_INSTRUMENT');
  if (code === -1013) return /market is closed/i.test(text) ? refusal('INSTRUMENT_HALTED') : judgeFilter(text);
  if (code === -2010) return judgeNewOrderRejection(text);
  if (code >= requestCodeRange.from && code <= requestCodeRange.to) return refusal('INVALID_REQUEST');
  if (code <= -1000) return refusal('ORDER_REJECTED');
  return { kind: 'unknown', code: 'UNREADABLE_ANSWER' };
}

/**
 * Not the venue's own words: a firewall or a proxy in front of it, e.g. the 403 of Binance's own that follows too many or too strange
 * requests ("used when the WAF Limit has been violated"). It judges a request before the venue has it, so no order exists. Whether a
 * key is good it cannot know, so it is weather. Only refusals before forwarding prove something.
 */
function judgeForeignAnswer(status: number): Verdict {
  if (status === 403) return refusal('RATE_LIMITED');
  if (status === 401 || status === 404 || status === 405 || status === 407) return refusal('NOT_CONNECTED');
  return { kind: 'unknown', code: 'UNREADABLE_ANSWER' };
}

/** -2010 is the matching engine's own refusal; which one is told only by its words. */
function judgeNewOrderRejection(text: string): Verdict {
  if (/duplicate order/i.test(text)) return { kind: 'unknown', code: 'DUPLICATE_CLIENT_ORDER_ID' };
  if (/insufficient balance/i.test(text)) return refusal('INSUFFICIENT_BALANCE');
  // Filters that depend on what the account has are the engine's too.
  if (/filter failure/i.test(text)) return judgeFilter(text);
  if (/market is closed|not permitted for this symbol/i.test(text)) return refusal('INSTRUMENT_HALTED');
  if (notForThisAccount.test(text)) return refusal('AUTH_REFUSED');
  if (/immediately match and take/i.test(text)) return refusal('WOULD_TAKE');
  if (/would trigger immediately/i.test(text)) return refusal('WOULD_TRIGGER');
  return refusal('ORDER_REJECTED');
}

/** Only a person can change these, at the venue. */
const notForThisAccount =
  /(not permitted|restricted) for this account|not whitelisted|may not place or cancel orders|disabled on this account|trading is not enabled/i;

/** Where a filter has several bounds the venue does not say which was broken. */
const filterCodes: Readonly<Record<string, PlaceRejectionCode & KnownRefusal>> = {
  PRICE_FILTER: 'PRICE_FILTER_REFUSED',
  LOT_SIZE: 'LOT_SIZE_REFUSED',
  MARKET_LOT_SIZE: 'MARKET_LOT_SIZE_REFUSED',
  MIN_NOTIONAL: 'NOTIONAL_BELOW_MINIMUM',
  // Its maximum is found here before sending, see `venue-rules.ts`.
  NOTIONAL: 'NOTIONAL_BELOW_MINIMUM',
  PERCENT_PRICE: 'PRICE_OUT_OF_BAND',
  PERCENT_PRICE_BY_SIDE: 'PRICE_OUT_OF_BAND',
  MAX_POSITION: 'POSITION_ABOVE_MAXIMUM',
};

function judgeFilter(text: string): Verdict {
  const name = /filter failure: ([A-Z_]+)/i.exec(text)?.[1] ?? '';
  if (/^(EXCHANGE_)?MAX_NUM_/.test(name)) return refusal('TOO_MANY_OPEN_ORDERS');
  return refusal(filterCodes[name] ?? 'FILTER_FAILURE');
}

/** The code alone says whether the same order may pass later, so that whoever hears only of it knows as much. */
const refusal = (code: PlaceRejectionCode & KnownRefusal): Verdict => ({
  kind: 'refused',
  code,
  retryable: prospectOf(code) === 'again',
});

/** Says nothing good of the venue: it did not answer, or answered that it is broken. Its refusals are answers. */
export function isVenueFailure(failure: RequestFailure): boolean {
  if (failure.kind === 'answered') return failure.status >= 500;
  return failure.kind === 'timeout' || failure.kind === 'lost' || failure.kind === 'refused';
}

export const failureText = (failure: RequestFailure): string =>
  failure.kind === 'answered' ? `${failure.code ?? `HTTP ${failure.status}`} ${failure.text}` : failure.text;

export function placeOutcomeOf(failure: RequestFailure): PlaceOutcome {
  const verdict = judgeFailure(failure);
  const text = failureText(failure);
  if (verdict.kind === 'unknown') return { kind: 'unknown', code: verdict.code, text };
  // -2011/-2013 never answer a placement; if one does, it proves nothing about the order.
  if (verdict.kind === 'not-found') return { kind: 'unknown', code: 'UNREADABLE_ANSWER', text };
  return { kind: 'rejected', code: verdict.code, text, retryable: verdict.retryable };
}

export function cancelOutcomeOf(failure: RequestFailure): CancelOutcome {
  const verdict = judgeFailure(failure);
  const text = failureText(failure);
  if (verdict.kind === 'not-found') return { kind: 'not-found' };
  if (verdict.kind === 'unknown') return { kind: 'unknown', code: verdict.code, text };
  return { kind: 'rejected', code: verdict.code, text, retryable: verdict.retryable };
}
