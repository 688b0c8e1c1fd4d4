/** What a handler says about a message. The bus acknowledges, delays or buries it accordingly; a handler never does that itself. */
export type Outcome =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'retry';
      readonly reason: string;
      readonly delayMs?: number;
      /** Handled this often without success, it is a dead letter; without it there is no such bound. */
      readonly attemptsMax?: number;
    }
  | { readonly kind: 'poison'; readonly reason: string };

/** Handled, or already handled before. */
export const done: Outcome = { kind: 'done' };

/**
 * Weather: something that it needs is away and will come back. It is handled again after `delayMs`, or after the usual growing
 * delay of some seconds at most, for as long as its stream would keep it; messages with the same key wait for it, and it uses
 * up no deliveries. A handler may as well throw what the store, the cache, the bus or a venue threw: see `isWeather`.
 */
export const retry = (reason: string, delayMs?: number): Outcome =>
  delayMs === undefined ? { kind: 'retry', reason } : { kind: 'retry', reason, delayMs };

/** Not yet, and perhaps never: like {@link retry}, but a dead letter after so many attempts. */
export const retryAtMost = (attemptsMax: number, reason: string, delayMs?: number): Outcome =>
  delayMs === undefined ? { kind: 'retry', reason, attemptsMax } : { kind: 'retry', reason, attemptsMax, delayMs };

/** It can never be handled: kept in DEAD_LETTERS, counted, and not delivered again. */
export const poison = (reason: string): Outcome => ({ kind: 'poison', reason });
