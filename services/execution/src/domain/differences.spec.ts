import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId } from '@scalpstorm/model';
import { isNews } from './differences.js';

const began = Timestamp.fromMicros(100 * second);

describe('what is worth telling', () => {
  it.each([
    [0, false, false],
    [-second, false, false],
    [-2 * second, false, true],
    [0, true, true],
  ])('happened at %i µs from the beginning, after a gap %s: %s', (offset, afterGap, told) => {
    const comparison = { accountId: AccountId.of('demo'), began, afterGap };
    expect(isNews(comparison, Timestamp.plus(began, offset))).toBe(told);
  });
});
