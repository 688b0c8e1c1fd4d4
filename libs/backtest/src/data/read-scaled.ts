const zero = 48;
const nine = 57;
const point = 46;

/** It spells no plain decimal number, or none that is exact here. */
export const notPlain = -1;
/** It has more decimals than asked for, other than zeros. */
export const tooFine = -2;

/**
 * A number from 0 on, as a whole count of 10^-decimals, exact below 2^53; {@link notPlain} or {@link tooFine} otherwise.
 * @param cut what is finer is cut off instead
 */
export function readScaled(
  bytes: Uint8Array,
  [start, end]: readonly [number, number],
  decimals: number,
  cut: boolean,
): number {
  let value = 0;
  let digits = 0;
  let after = -1;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === point && after < 0) {
      after = 0;
      continue;
    }
    if (byte < zero || byte > nine) return notPlain;
    digits += 1;
    if (after < decimals) value = value * 10 + (byte - zero);
    else if (byte !== zero && !cut) return tooFine;
    if (after >= 0) after += 1;
  }
  if (digits === 0) return notPlain;
  for (let missing = Math.max(after, 0); missing < decimals; missing += 1) value *= 10;
  return Number.isSafeInteger(value) ? value : notPlain;
}
