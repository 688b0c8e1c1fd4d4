import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { FairValue } from './fair-value.js';

const start = 600_000;
/** The waves around the reference: three times the tide and the chop at their highest, and noise. */
const wavesMax = start * 8e-6 * (3 * (45 + 24) + 40);

describe('the fair value of a synthetic market', () => {
  it.each([-1, 1])('comes home when it goes on from far away (%i)', (direction) => {
    const fair = new FairValue(start, seededRng(7));
    fair.shift(direction * start * 0.02);
    expect(Math.abs(fair.value - start)).toBeGreaterThan(wavesMax);
    for (let second = 0; second < 600; second += 0.1) fair.step(0.1);
    expect(Math.abs(fair.value - start)).toBeLessThan(wavesMax);
  });

  it('does not jump on the way', () => {
    const fair = new FairValue(start, seededRng(7));
    fair.shift(start * 0.002);
    let widest = 0;
    for (let last = fair.value, step = 0; step < 3_000; step += 1) {
      fair.step(0.01);
      widest = Math.max(widest, Math.abs(fair.value - last));
      last = fair.value;
    }
    expect(widest).toBeLessThan(start * 1e-4);
  });
});
