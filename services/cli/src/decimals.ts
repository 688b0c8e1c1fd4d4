/** Amounts are kept with up to 18 decimals; more than this many say nothing to a person. */
const placesMax = 8;
const pattern = /^(-?)(\d+)\.(\d+)$/;

/**
 * For people: rounded half away from zero, without zeros at the end. What has few decimals stays as it is, and so does what would be
 * rounded to nothing.
 */
export function forPeople(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = pattern.exec(text) ?? [];
  if (fraction.length <= placesMax) return text;
  const up = Number(fraction[placesMax]) >= 5 ? 1n : 0n;
  const units = BigInt(whole + fraction.slice(0, placesMax)) + up;
  if (units === 0n) return text;
  const digits = units.toString().padStart(placesMax + 1, '0');
  const kept = digits.slice(-placesMax).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -placesMax)}${kept === '' ? '' : `.${kept}`}`;
}
