import type { Instrument } from '@scalpstorm/model';
import { noAmount, read } from '../scalping-cycle/amounts.js';
import { book } from '../scalping-cycle/books.js';
import { isAheadOfEntry } from '../scalping-cycle/exiting.js';
import type { ScalpingState } from '../scalping-cycle/state.js';

export interface Crossing {
  /** Sold more than it held. */
  readonly short: number;
  /** Holds what the venue has sold of it. */
  readonly long: number;
  /** 10^-18. */
  readonly base: bigint;
  readonly states: readonly [ScalpingState, ScalpingState];
}

/**
 * One rung sold more than it held: its state was older than an exit of which nobody had heard, and the gate, which knows the bot and
 * not its rungs, let it sell what others hold. Bought back in truth it would be bought twice; so the rung that still counts on it gives
 * it up, at what the other got for it. Between the two nothing is earned, and all books together stay what the venue says. Null: nobody
 * is short, or nobody has anything to give.
 */
export function crossingOf(rungs: readonly ScalpingState[], instrument: Instrument): Crossing | null {
  const short = rungs.findIndex((state) => holds(state, 'sell') && !isAheadOfEntry({ state }));
  const long = short < 0 ? -1 : rungs.findIndex((state) => holds(state, 'buy'));
  const [seller, holder] = [rungs[short], rungs[long]];
  if (seller === undefined || holder === undefined) return null;
  const [owed, kept] = [read(seller.books.poolBase), read(holder.books.poolBase)];
  let base = owed;
  if (kept < owed) base = kept;
  const traded = { base, quote: (read(seller.books.poolValue) * base) / owed, fees: [] };
  const states = [
    { ...seller, books: book(seller.books, { ...traded, side: 'buy' }, instrument) },
    { ...holder, books: book(holder.books, { ...traded, side: 'sell' }, instrument) },
  ] as const;
  return { short, long, base, states };
}

const holds = ({ books }: ScalpingState, side: 'buy' | 'sell'): boolean =>
  books.poolSide === side && books.poolBase !== noAmount;
