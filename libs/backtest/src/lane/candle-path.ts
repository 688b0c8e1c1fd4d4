import type { CandleRow } from '../data/market-row.js';
import type { CandlePath } from './lane-options.js';

/** What the account holds, or is about to, where a bar begins. */
export type Stance = 'long' | 'short' | 'buying' | 'selling' | 'none';

/**
 * Whether the low of a bar is reached before its high. A pessimist lets the worse extreme of what is held come first, so that a stop goes
 * before a target; who only has an entry working gets its extreme last, so that what it opens has no better price left in the bar.
 */
export function isLowFirst(path: CandlePath, stance: Stance): boolean {
  if (path === 'low-first') return true;
  if (path === 'high-first') return false;
  return pessimistic[stance] === (path === 'pessimistic');
}

const pessimistic: Readonly<Record<Stance, boolean>> = {
  long: true,
  short: false,
  buying: false,
  selling: true,
  none: true,
};

/** Where the price is at this stage: open, one extreme, the other, close. */
export function pathPoint({ stage, open, high, low, close }: CandleRow, lowFirst: boolean): number {
  if (stage === 0) return open;
  if (stage === 3) return close;
  return lowFirst === (stage === 1) ? low : high;
}
