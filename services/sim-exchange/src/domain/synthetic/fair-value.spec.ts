import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { FairValue } from './fair-value.js';

const start = 600_000;
/** The waves around the reference: three times the tide and the chop at their highest, and noise. */
const wavesMax = start * 8e-6 * (3 * (45 + 24) + 40);

describe('the fair value of a synthetic market', () => {
  it.each([-0.02, -0.0005, 0, 0.0005, 0.02])(
    'goes on from where an earlier life ended (%f away), and comes home',
    (share) => {
      const fair = new FairValue(start, seededRng(7));
      const ended = start * (1 + share);
      fair.goOnFrom(ended);
      expect(fair.value).toBe(ended);
      fair.step(0.001);
      expect(Math.abs(fair.value - ended)).toBeLessThan(start * 1e-4);
      for (let second = 0; second < 60; second += 0.1) fair.step(0.1);
      expect(Math.abs(fair.value - start)).toBeLessThan(wavesMax);
    },
  );

  it('does not jump', () => {
    const fair = new FairValue(start, seededRng(7));
    let widest = 0;
    for (let last = fair.value, step = 0; step < 3_000; step += 1) {
      fair.step(0.01);
      widest = Math.max(widest, Math.abs(fair.value - last));
      last = fair.value;
    }
    expect(widest).toBeLessThan(start * 1e-4);
  });
});
