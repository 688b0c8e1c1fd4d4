export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Doubles from `firstMs` to `maxMs`; half of it is random, so that many who failed together do not come back together.
 * @param attempt counts from 1
 * @param random uniform in [0, 1)
 */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number = Math.random): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}

/** Resolves after the time, or at once when the signal says to stop. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
    function finish(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    }
  });
}

/** Whether the work ended within the time; the work itself goes on. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const controller = new AbortController();
  const ended = await Promise.race([work.then(() => true), pause(ms, controller.signal).then(() => false)]);
  controller.abort();
  return ended;
}
