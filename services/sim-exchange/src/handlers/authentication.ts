import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Account } from '../domain/account.js';
import type { Exchange } from '../domain/exchange.js';
import { type VenueError, venueErrors } from '../domain/venue-error.js';

const recvWindowDefault = 5_000;
const recvWindowMax = 60_000;
/** How far a client's clock may run ahead of ours. */
const aheadMax = 1_000;
const keyPattern = /^[A-Za-z0-9_-]{1,128}$/;

export interface SignedRequest {
  readonly apiKey: string | null;
  /** Exactly the text that was signed. */
  readonly payload: string;
  readonly params: URLSearchParams;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Whose key it is; only that it exists, for requests without a signature. */
export function accountOfKey(exchange: Exchange, apiKey: string | null): Account | VenueError {
  if (apiKey === null || !keyPattern.test(apiKey)) return venueErrors.badKeyFormat();
  return exchange.account(apiKey) ?? venueErrors.unknownKey();
}

/**
 * Key, signature, then time. A request that arrives after timestamp + recvWindow is refused whatever it asks:
 * that is what makes it safe to send an order again once its own window has passed and the venue does not know it.
 */
export function authenticate(exchange: Exchange, request: SignedRequest): Account | VenueError {
  const account = accountOfKey(exchange, request.apiKey);
  if ('kind' in account) return account;
  const signature = request.params.get('signature');
  if (signature === null || signature === '') return venueErrors.missing('signature');
  if (!isSignature(account.credentials.secret, request.payload, signature)) return venueErrors.badSignature();
  return timeRefusal(request.params, request.now) ?? account;
}

function timeRefusal(params: URLSearchParams, now: number): VenueError | null {
  const timestamp = wholeNumber(params.get('timestamp'));
  if (timestamp === null) return venueErrors.missing('timestamp');
  const recvWindow = params.has('recvWindow') ? decimalNumber(params.get('recvWindow')) : recvWindowDefault;
  if (recvWindow === null) return venueErrors.illegalCharacters('recvWindow', '^[0-9]{1,5}(\\.[0-9]{1,3})?$');
  if (recvWindow > recvWindowMax) return venueErrors.invalidRecvWindow();
  if (timestamp >= now + aheadMax) return venueErrors.aheadOfServer();
  return now - timestamp <= recvWindow ? null : venueErrors.outsideRecvWindow();
}

function isSignature(secret: string, payload: string, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(payload).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The text without its `signature` parameter, everything else untouched: what the client signed. */
export function withoutSignature(text: string): string {
  const start = text.startsWith('signature=') ? 0 : text.indexOf('&signature=');
  if (start < 0) return text;
  const end = text.indexOf('&', start + 1);
  if (end < 0) return text.slice(0, start);
  return start === 0 ? text.slice(end + 1) : text.slice(0, start) + text.slice(end);
}

const wholeNumber = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
const decimalNumber = (text: string | null): number | null =>
  text !== null && /^\d{1,5}(\.\d{1,3})?$/.test(text) ? Number(text) : null;
