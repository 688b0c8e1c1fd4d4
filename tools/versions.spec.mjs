import { describe, expect, test } from '@jest/globals';
import { compareVersions, inRange, parseVersion } from './versions.mjs';

describe('versions', () => {
  test.each([
    ['nats-server: v2.10.27', [2, 10, 27]],
    ['postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', [15, 18, 0]],
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', [7, 0, 15]],
    ['v26.10.0', [26, 10, 0]],
  ])('%s is read', (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  test('a text without a number has no version', () => {
    expect(parseVersion('unknown')).toBeUndefined();
  });

  test('parts are compared as numbers, not as text', () => {
    expect(compareVersions([2, 9, 10], [2, 10])).toBeLessThan(0);
    expect(compareVersions([2, 10, 0], [2, 10])).toBe(0);
  });

  test('the upper bound is excluded, also its patch versions', () => {
    const range = { atLeast: [2, 10], below: [3] };
    expect(inRange([2, 10, 0], range)).toBe(true);
    expect(inRange([2, 99, 9], range)).toBe(true);
    expect(inRange([3, 0, 0], range)).toBe(false);
    expect(inRange([2, 9, 99], range)).toBe(false);
  });
});
