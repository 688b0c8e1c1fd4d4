import { setTimeout as wait } from 'node:timers/promises';

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Doubles from `firstMs` to `maxMs`. Resolves at once when the signal says to stop. */
export async function backOff(attempt: number, { firstMs, maxMs }: Backoff, signal: AbortSignal): Promise<void> {
  const ms = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 20));
  await wait(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** The 1st, 2nd, 4th … time: an outage must not drown the log in its own consequences. */
export const isWorthALine = (attempt: number): boolean => (attempt & (attempt - 1)) === 0;
