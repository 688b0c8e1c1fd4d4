import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import fc from 'fast-check';
import { backoffDelay } from './backoff.js';

describe('the back-off', () => {
  it('doubles up to its bound, and jitter takes at most half away', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer(), (attempt, seed) => {
        const delay = backoffDelay(attempt, { first: 100, most: 5_000 }, seededRng(seed));
        const full = Math.min(5_000, 100 * 2 ** Math.min(attempt, 30));
        expect(delay).toBeGreaterThanOrEqual(Math.floor(full / 2));
        expect(delay).toBeLessThanOrEqual(full);
      }),
    );
  });
});
