import type { Instrument, Price } from '@scalpstorm/model';
import { noAmount, read } from '../scalping-cycle/amounts.js';
import { book, tradable } from '../scalping-cycle/books.js';
import type { ScalpingState } from '../scalping-cycle/state.js';

export interface Gathered {
  /** Holds what all of them held. */
  readonly into: number;
  readonly from: readonly number[];
  /** Of all rungs. */
  readonly states: readonly ScalpingState[];
}

/**
 * Each rung has been flattened down to what is too little for an order, and together it is enough for one: a fall below the grid may make
 * every level of it too little, and a stop would close nothing. One rung takes it over from the others at what it has cost them, so that
 * between them nothing is earned. Null: all together is too little, or nobody has anything to take over.
 * @param price at which it would be sold; null: not known
 */
export function gatheredOf(
  rungs: readonly ScalpingState[],
  instrument: Instrument,
  price: Price | null,
): Gathered | null {
  const [into, ...from] = rungs.flatMap((rung, index) => (isLeftWith(rung) ? [index] : []));
  if (into === undefined || from.length === 0) return null;
  const states = [...rungs];
  for (const index of from) {
    const [taker, giver] = [states[into] as ScalpingState, states[index] as ScalpingState];
    const moved = { base: read(giver.books.poolBase), quote: read(giver.books.poolValue), fees: [] };
    states[into] = { ...taker, books: book(taker.books, { ...moved, side: 'buy' }, instrument) };
    states[index] = {
      ...giver,
      exitKind: 'flatten',
      books: book(giver.books, { ...moved, side: 'sell' }, instrument),
    };
  }
  const isEnough = tradable((states[into] as ScalpingState).books, instrument, price) > 0n;
  return isEnough ? { into, from, states } : null;
}

const isLeftWith = ({ mode, endCode, books }: ScalpingState): boolean =>
  mode === 'stopped' && endCode === 'FLATTENED' && books.poolSide === 'buy' && books.poolBase !== noAmount;
