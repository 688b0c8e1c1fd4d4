import { setTimeout as delay } from 'node:timers/promises';

const pauseMs = 500;

/**
 * Repeats what fails until it works: servers that start together are not there yet, or do not know their users yet.
 * @throws what the last attempt threw, when the time is over
 */
export async function until<T>(
  work: () => Promise<T>,
  bound: { readonly waitMs: number; readonly onFailure: (error: unknown) => void },
): Promise<T> {
  const deadline = Date.now() + bound.waitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() + pauseMs > deadline) throw error;
      bound.onFailure(error);
      await delay(pauseMs);
    }
  }
}
