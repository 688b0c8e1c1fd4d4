import { describe, expect, it } from '@jest/globals';
import { Failure } from '../failure.js';
import { runMsMax, withinTime } from './within-time.js';

const failureOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('a strategy that is run within a time', () => {
  it('gives back what it made', () => {
    const made = { fills: new Float64Array(3) };
    expect(withinTime('calm', 10, () => made)).toBe(made);
  });

  it('is ended when it loops, also where it catches everything', () => {
    const loops = () => {
      for (;;) {
        try {
          for (;;);
        } catch {
          // Goes on.
        }
      }
    };
    const failure = failureOf(() => withinTime('looping', 10, loops, 20));
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({
      code: 'STRATEGY_LOOPS',
      message: expect.stringContaining('looping had not finished 10 bars'),
    });
  });

  it('has ten seconds, and a tenth of a millisecond a bar', () => {
    expect([0, 1_000_000].map(runMsMax)).toEqual([10_000, 110_000]);
  });

  it('throws what it throws', () => {
    const error = new Error('its own');
    expect(
      failureOf(() =>
        withinTime('throwing', 10, () => {
          throw error;
        }),
      ),
    ).toBe(error);
  });
});
