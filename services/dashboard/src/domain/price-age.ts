import type { PriceRow } from './rows.js';

/** A price that is older is not taken for the present; the markets that bots trade speak several times a second. */
export const oldMs = 10_000;

/** How a price is shown: as it is now, or grey with what is wrong with it. */
export interface PriceAge {
  readonly old: boolean;
  /** `23 s old`, `feed stale`; empty while it is fresh. */
  readonly text: string;
}

const fresh: PriceAge = { old: false, text: '' };

/**
 * @param ageMs since it happened; null while that is not known
 * @param words how an age is said
 */
export function priceAge(
  { feed }: Pick<PriceRow, 'feed'>,
  ageMs: number | null,
  words: (ageMs: number) => string,
): PriceAge {
  const late = ageMs !== null && ageMs > oldMs;
  if (late) return { old: true, text: `${words(ageMs)} old` };
  // A feed of which nothing is told is judged by its prices alone.
  return feed === 'live' || feed === 'unknown' ? fresh : { old: true, text: `feed ${feed}` };
}
