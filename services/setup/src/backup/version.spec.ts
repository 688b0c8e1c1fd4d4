import { describe, expect, it } from '@jest/globals';
import { isLater, platformVersion } from './version.js';

describe('the version of a platform', () => {
  it('is the one of the repository', () => {
    expect(platformVersion()).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.each([
    ['0.2.0', '0.1.9', true],
    ['0.1.10', '0.1.9', true],
    ['1.0.0', '1.0.0', false],
    ['0.9.9', '1.0.0', false],
    ['1.0.0', '1.0.0-rc.1', true],
    ['1.0.0-rc.1', '1.0.0', false],
    ['1.0.0-rc.10', '1.0.0-rc.9', true],
    ['1.0.0+built.2', '1.0.0', false],
  ])('%s after %s: %s', (one, other, later) => {
    expect(isLater(one, other)).toBe(later);
  });
});
