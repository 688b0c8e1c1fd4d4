import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compare, percentOf, placesFor, shown, signed, signOf, sum, times } from './decimal.js';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 18 }))
  .map(([units, scale]) => ({ units, scale, text: textOf(units, scale) }));

function textOf(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`}`;
}
const units18 = ({ units, scale }: { units: bigint; scale: number }) => units * 10n ** BigInt(18 - scale);

describe('decimal texts', () => {
  it('sum and multiply exactly, where floating numbers would not', () => {
    expect(sum(['0.1', '0.2'])).toBe('0.3');
    expect(sum(['9007199254740993', '0.000000000000000001'])).toBe('9007199254740993.000000000000000001');
    expect(times('0.1', '3')).toBe('0.3');
    expect(times('60021.17', '0.00101')).toBe('60.6213817');
    expect(sum([])).toBe('0');
    expect(times('1', null)).toBeNull();
  });

  it('agree with whole numbers of the smallest unit, for any', () => {
    fc.assert(
      fc.property(decimal, decimal, (left, right) => {
        const total = units18(left) + units18(right);
        expect(compare(sum([left.text, right.text]), textOf(total, 18))).toBe(0);
        expect(compare(left.text, right.text)).toBe(Math.sign(Number(units18(left) - units18(right))));
      }),
    );
  });

  it.each([
    ['1234567.891', null, '1,234,567.891'],
    ['-1234.5', 2, '−1,234.50'],
    ['0.125', 2, '0.13'],
    ['-0.001', 2, '0.00'],
    ['999.995', 2, '1,000.00'],
    ['no number', 2, '–'],
  ])('shows %s with %s decimals as %s', (text, places, wanted) => {
    expect(shown(text, places)).toBe(wanted);
  });

  it('keeps enough decimals that a small amount is not nothing, and always a sign', () => {
    expect(signed('0.00482')).toBe('+0.00482');
    expect(signed('-12.3')).toBe('−12.30');
    expect(signed('0')).toBe('0.00');
    expect(placesFor('0.000000000001')).toBe(8);
    expect(signOf('-0.00')).toBe(0);
  });

  it('makes a bar of a part, never longer than the whole', () => {
    expect(percentOf('50', '200')).toBe(25);
    expect(percentOf('-300', '200')).toBe(100);
    expect(percentOf('1', '0')).toBeNull();
  });
});
