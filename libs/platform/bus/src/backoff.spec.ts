import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs, pause, within } from './backoff.js';

const bounds = { firstMs: 100, maxMs: 30_000 };

describe('back-off', () => {
  test('doubles from the first to the longest delay', () => {
    const longest = [1, 2, 3, 8, 9, 10, 50].map((attempt) => backoffMs(attempt, bounds, () => 1));
    expect(longest).toEqual([100, 200, 400, 12_800, 25_600, 30_000, 30_000]);
  });

  test('keeps half of the delay and draws the other half', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, draw) => {
          const full = Math.min(bounds.maxMs, bounds.firstMs * 2 ** Math.min(attempt - 1, 30));
          const delay = backoffMs(attempt, bounds, () => draw);
          expect(delay).toBeGreaterThanOrEqual(full / 2);
          expect(delay).toBeLessThanOrEqual(full);
        },
      ),
    );
  });

  test('a pause ends at once when it is told to stop', async () => {
    const stop = new AbortController();
    const pausing = pause(1_000_000, stop.signal);
    stop.abort();
    await pausing;
    await pause(1_000_000, stop.signal);
    expect(stop.signal.aborted).toBe(true);
  });

  test('tells work that ended from work that did not', async () => {
    expect(await within(1_000_000, Promise.resolve())).toBe(true);
    expect(await within(1, new Promise(() => {}))).toBe(false);
  });
});
