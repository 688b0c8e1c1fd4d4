import { describe, expect, it } from '@jest/globals';
import { oldMs, priceAge } from './price-age.js';
import { age } from './time.js';

describe('the age of a price', () => {
  it.each([
    ['live', 300, false, ''],
    ['live', oldMs, false, ''],
    ['live', 23_000, true, '23 s old'],
    ['stale', 300, true, 'feed stale'],
    ['stale', 23_000, true, '23 s old'],
    ['unknown', 300, false, ''],
    ['live', null, false, ''],
  ])('of a %s feed, after %s ms, is told: %s %s', (feed, ageMs, old, text) => {
    expect(priceAge({ feed }, ageMs, age)).toEqual({ old, text });
  });
});
