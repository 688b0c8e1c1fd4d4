import { describe, expect, it } from '@jest/globals';
import type { ResearchJob } from '@scalpstorm/contracts';
import { jobsThatFit } from './jobs-that-fit.js';

/** @param kilobytes of its rule; half as many characters */
const jobOf = (kilobytes: number): ResearchJob =>
  ({ name: '', spec: { rule: 'é'.repeat(512 * kilobytes) }, summary: null, fault: null }) as unknown as ResearchJob;

describe('the jobs of one answer', () => {
  it.each([
    ['small ones', Array.from({ length: 50 }, () => 2), 50],
    ['rules that are as long as they may be', Array.from({ length: 7 }, () => 192), 3],
    ['one that is too much for it', [900, 1], 1],
    ['one behind which no other has room', [1, 900], 1],
    ['none', [], 0],
  ])('are %s', (_, sizes, count) => {
    expect(jobsThatFit(sizes.map(jobOf))).toHaveLength(count);
  });
});
