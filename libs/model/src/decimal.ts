import { fail, ok, type Result } from '@scalpstorm/kernel';

/** Why a text is not an exact decimal. */
export type DecimalFault = 'NOT_A_DECIMAL' | 'TOO_MANY_DECIMALS' | 'TOO_LARGE';

const pattern = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;
/** Larger values are refused: no price, quantity or balance on earth needs them, and a typing error does. */
const unitsMax = 10n ** 40n;

/** Reads `-12.345` as an integer count of 10^-scale. Trailing zeros beyond the scale are accepted, digits are not. */
export function parseDecimal(text: string, scale: number): Result<bigint, DecimalFault> {
  const match = pattern.exec(text);
  if (!match) return fail('NOT_A_DECIMAL');
  const [, sign = '', whole = '0', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(scale))) return fail('TOO_MANY_DECIMALS');
  const units = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  if (units > unitsMax) return fail('TOO_LARGE');
  return ok(sign === '-' ? -units : units);
}

/** Shortest exact decimal text: no exponent, no trailing zeros. */
export function formatDecimal(units: bigint, scale: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
