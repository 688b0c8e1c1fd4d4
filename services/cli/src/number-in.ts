/** The number that a text spells in decimals, with an exponent or without one; NaN where it spells none, as `0x10`, `Infinity` and nothing at all. */
export function numberIn(text: string): number {
  const trimmed = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
}
