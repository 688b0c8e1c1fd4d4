const zero = 48;
const nine = 57;
const point = 46;
const minus = 45;
const plus = 43;
/** Below it every whole number is exact, and so is its quotient by a power of ten, but for one rounding. */
const exactMax = 2 ** 53;
const powersOfTen = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/**
 * The number that these bytes spell, correctly rounded; NaN when they spell none. Plain decimals are read here, an order of magnitude
 * faster than through a text; anything else (exponents, very many digits) goes the usual way.
 */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const sign = bytes[at] === minus ? -1 : 1;
  if (bytes[at] === minus || bytes[at] === plus) at += 1;
  let mantissa = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte >= zero && byte <= nine) {
      mantissa = mantissa * 10 + (byte - zero);
      digits += 1;
      if (decimals >= 0) decimals += 1;
    } else if (byte === point && decimals < 0) {
      decimals = 0;
    } else {
      return readSlowly(bytes, start, end);
    }
  }
  if (digits === 0) return Number.NaN;
  const power = powersOfTen[Math.max(decimals, 0)];
  if (mantissa >= exactMax || power === undefined) return readSlowly(bytes, start, end);
  return (sign * mantissa) / power;
}

function readSlowly(bytes: Uint8Array, start: number, end: number): number {
  const text = asciiText(bytes, start, end).trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 1) text += String.fromCharCode(bytes[at] as number);
  return text;
}
