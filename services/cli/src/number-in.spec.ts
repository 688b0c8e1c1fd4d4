import { describe, expect, it } from '@jest/globals';
import { numberIn } from './number-in.js';

describe('the number in a text', () => {
  it.each([
    ['10', 10],
    [' 7.5 ', 7.5],
    ['-1', -1],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e9', 1e9],
    ['0x10', Number.NaN],
    ['0b1', Number.NaN],
    ['Infinity', Number.NaN],
    ['1_000', Number.NaN],
    ['', Number.NaN],
    [' ', Number.NaN],
  ])('of %j is %d', (text, value) => {
    expect(numberIn(text)).toBe(value);
  });
});
