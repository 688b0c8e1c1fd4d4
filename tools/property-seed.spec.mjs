import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { propertySeed } from './property-seed.mjs';

describe('the seed of the properties', () => {
  test.each([undefined, ''])('is always the same when nothing is said (%j)', (text) => {
    expect(propertySeed(text)).toBe(20_261_121);
  });

  test.each([
    ['0', 0],
    ['-1933093343', -1_933_093_343],
    ['2147483647', 2_147_483_647],
  ])('is %s when that is said', (text, seed) => {
    expect(propertySeed(text)).toBe(seed);
  });

  test('is another one in every run when luck is asked for', () => {
    expect(propertySeed('random')).toBeUndefined();
  });

  test.each(['Random', '1.5', '1e3', ' 1', '2147483648', '-2147483649'])('cannot be %j', (text) => {
    expect(() => propertySeed(text)).toThrow(`PROPERTY_SEED is ${JSON.stringify(text)}`);
  });

  test('is what the properties of a suite draw from, unless they bring their own', () => {
    const seed = propertySeed(process.env.PROPERTY_SEED);
    const seedOf = (parameters) =>
      fc.check(
        fc.property(fc.integer(), () => true),
        parameters,
      ).seed;
    expect(fc.readConfigureGlobal().seed).toBe(seed);
    if (seed !== undefined) expect(seedOf()).toBe(seed);
    expect(seedOf({ seed: 7 })).toBe(7);
  });
});
