import { describe, expect, it } from '@jest/globals';
import { StrategyLoops } from '@scalpstorm/strategy-files';
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

  it('is told by name when it ends itself, as where its version is too slow to be told', () => {
    const tooSlow = () => {
      throw new StrategyLoops(2_000, ', which is what it has');
    };
    expect(failureOf(() => withinTime('slow', 10, tooSlow))).toMatchObject({
      code: 'STRATEGY_LOOPS',
      message: expect.stringContaining('slow: it had not finished after 2 s, which is what it has'),
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
