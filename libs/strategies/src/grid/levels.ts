import { Price } from '@scalpstorm/model';

export const spacings = ['geometric', 'arithmetic'] as const;

export interface GridRange {
  readonly lower: Price;
  readonly upper: Price;
  /** Prices of the grid, both ends among them; at least 2. */
  readonly levels: number;
  readonly spacing: (typeof spacings)[number];
}

/**
 * The prices of a grid, lowest first, each rounded down to the tick; n = levels − 1.
 *
 * - arithmetic: lower + (upper − lower) × k ÷ n
 * - geometric: (lower^(n − k) × upper^k)^(1 ÷ n), a whole root of whole numbers, so that no machine reckons another price
 */
export function levelsOf({ lower, upper, levels, spacing }: GridRange, tickSize: Price): readonly Price[] {
  const steps = levels - 1;
  const n = BigInt(steps);
  return Array.from({ length: levels }, (_, index) => {
    const k = BigInt(index);
    const units =
      spacing === 'arithmetic' ? lower + ((upper - lower) * k) / n : rootOf(lower ** (n - k) * upper ** k, steps);
    return Price.floorTo(Price.fromUnits(units), tickSize);
  });
}

/** ⌊value^(1 ÷ degree)⌋ by Newton's method from above. */
export function rootOf(value: bigint, degree: number): bigint {
  if (value < 2n || degree === 1) return value;
  const n = BigInt(degree);
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / degree));
  for (;;) {
    const next = ((n - 1n) * root + value / root ** (n - 1n)) / n;
    if (next >= root) return root;
    root = next;
  }
}
