import { NoAnswer, SendFailed } from './bus.js';

/** Errors are told apart by their codes and names, because the bus knows neither the store nor a venue. */
const codes: ReadonlySet<string> = new Set([
  'STORE_UNAVAILABLE',
  'STORE_BUSY',
  'COMMIT_UNKNOWN',
  'CACHE_UNAVAILABLE',
  'VENUE_UNREACHABLE',
  'VENUE_TIMEOUT',
  'VENUE_OVERLOADED',
  'VENUE_CIRCUIT_OPEN',
  'VENUE_RATE_LIMITED',
  'VENUE_CLOCK_SKEW',
  'VENUE_CLOSED',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECTION_LOST',
  'CONNECT_TIMEOUT',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
]);

const names: ReadonlySet<string> = new Set(['LeaseHeld', 'LaneFull', 'TimeoutError', 'AbortError']);

/**
 * SQLSTATE: connection (08), conflict with another transaction (40001, 40P01, 55P03), out of resources (53), operator at work
 * (57014, 57P0x), input and output (58), a standby that may not write yet (25006).
 */
const sqlStates = /^(08...|40001|40P01|55P03|53...|57014|57P0.|58...|25006)$/;

const depthMax = 8;

/**
 * Did what a handler needs fail, rather than the message or our own code? Then trying again is right, however often. An error
 * may say so itself by `weather: true`; whoever wraps one keeps it as the cause.
 */
export function isWeather(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < depthMax && current instanceof Error; depth += 1) {
    if (isWeatherItself(current)) return true;
    current = current.cause;
  }
  return false;
}

function isWeatherItself(error: Error & { readonly weather?: unknown; readonly code?: unknown }): boolean {
  if (error instanceof NoAnswer) return error.code !== 'REFUSED' && error.code !== 'UNREADABLE';
  if (error instanceof SendFailed) return error.code !== 'REFUSED';
  if (error.weather === true || names.has(error.name)) return true;
  const { code } = error;
  return typeof code === 'string' && (codes.has(code) || sqlStates.test(code));
}
