import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Default: 60 s; a condition that holds is found at once, so only a failure waits that long. */
  readonly timeoutMs?: number;
  /** Default: 10 ms. */
  readonly everyMs?: number;
}

/** Repeats the assertion until it stops throwing, and gives back its value; throws its last error when the time is up. */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = 60_000, everyMs = 10 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await delay(everyMs);
  }
}
