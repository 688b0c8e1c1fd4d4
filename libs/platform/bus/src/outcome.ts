/** What a handler says about a message. The bus acknowledges, delays or buries it accordingly; a handler never does that itself. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly reason: string; readonly delayMs?: number }
  | { readonly kind: 'poison'; readonly reason: string };

/** Handled, or already handled before. */
export const done: Outcome = { kind: 'done' };

/** Weather: deliver it again, after `delayMs` or after the usual growing delay; messages with the same key wait for it. */
export const retry = (reason: string, delayMs?: number): Outcome =>
  delayMs === undefined ? { kind: 'retry', reason } : { kind: 'retry', reason, delayMs };

/** It can never be handled: kept in DEAD_LETTERS, counted, and not delivered again. */
export const poison = (reason: string): Outcome => ({ kind: 'poison', reason });
