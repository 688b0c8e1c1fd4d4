import type { ChainMark } from './hash-chain.js';

/** A row as it stands in the table now. */
export interface ChainRow extends ChainMark {
  /** Its canonical form, made from what the columns hold now. */
  readonly text: string;
  /** What it tells, for people, e.g. `order sab… version 3`. */
  readonly about: string;
}

/** The rows of one chain. */
export interface ChainSource {
  /** Service and chain, e.g. `gateway/access`. */
  readonly name: string;
  /** The newest row that was forgotten; null: none was. */
  checkpoint(): Promise<ChainMark | null>;
  /** In order, those after a sequence. */
  rows(after: number, limit: number): Promise<readonly ChainRow[]>;
  /** The newest row as its writer remembers it, beside the rows; null where nobody does. */
  head(): Promise<ChainMark | null>;
  /** A row of the table that has no place in the chain and should have one, for people; not there where none can be. */
  stray?(): Promise<string | null>;
}
