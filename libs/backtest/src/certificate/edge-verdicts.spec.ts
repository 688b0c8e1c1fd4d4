import { describe, expect, it } from '@jest/globals';
import { judgeDelayed, judgeShuffled } from './edge-verdicts.js';

describe('what was earned where there is nothing to know', () => {
  const judged = (gains: readonly number[], errorMin: number) =>
    judgeShuffled(gains, { markets: 'of nothing', amount: (value) => value.toFixed(2), errorMin }).passed;
  /** A little in each market. */
  const little = Array.from({ length: 24 }, (_, market) => 1 + 0.01 * (market % 2));

  it.each([
    [little, 0, false],
    [little, 0.19, false],
    [little, 0.21, true],
    [little.map((gain) => -gain), 0, true],
    [little.map((gain, market) => gain - (market === 7 ? 20 : 0)), 0, true],
  ])('is judged by what it varied, and by what it could have varied at least', (gains, errorMin, passes) => {
    expect(judged(gains, errorMin)).toBe(passes);
  });

  it('is not called nothing where it is a loss', () => {
    const losses = [-14, -13.9];
    expect(judgeShuffled(losses, { markets: 'of nothing', amount: (value) => value.toFixed(2) })).toMatchObject({
      passed: true,
      text: expect.stringMatching(/it earned -13.95 on average .*\): there was nothing to gain, as it must be\.$/),
    });
  });
});

it.each([
  [3.9, 0, true],
  [4, 0.9, false],
  [4, 1, true],
  [12, 2.9, false],
  [-8, 0, true],
])('an edge of %d standard errors of which %d are left with everything a bar late', (edge, kept, passes) => {
  expect(judgeDelayed(edge, kept).passed).toBe(passes);
});
