import type { ChainRow, ChainSource } from './chain-source.js';
import { type ChainMark, markAfter } from './hash-chain.js';

export const chainFaultKinds = ['edited', 'missing', 'inserted', 'reordered', 'truncated', 'rewritten'] as const;
export type ChainFaultKind = (typeof chainFaultKinds)[number];

/** The first row of a chain that is wrong. */
export interface ChainFault {
  readonly kind: ChainFaultKind;
  readonly sequence: number;
  /** What it tells now, for people; empty when it is not there. */
  readonly about: string;
  readonly text: string;
  readonly next: string;
}

const find = 'Find out who could write to this table, and take no row from there on for proved.';
const compare = `Compare it with a back-up from before it, and with the line "an audit chain was anchored" in the logs. ${find}`;

export const faults = {
  edited: (sequence: number, about: string): ChainFault => ({
    ...{ kind: 'edited', sequence, about, next: compare },
    text: `row ${sequence} does not follow from the one before: it was changed, or that one was with its hash`,
  }),
  missing: (sequence: number, before: number): ChainFault => ({
    ...{ kind: 'missing', sequence, about: '', next: compare },
    text: before - 1 === sequence ? `row ${sequence} is gone` : `rows ${sequence} to ${before - 1} are gone`,
  }),
  inserted: (sequence: number, about: string): ChainFault => ({
    ...{ kind: 'inserted', sequence, about, next: `The rows around it are as they were written. ${find}` },
    text: `row ${sequence} was put in by somebody else than the writer`,
  }),
  reordered: (sequence: number, about: string): ChainFault => ({
    ...{ kind: 'reordered', sequence, about, next: compare },
    text: `another row stands at ${sequence} than was written there`,
  }),
  truncated: (sequence: number, newest: number): ChainFault => ({
    ...{ kind: 'truncated', sequence, about: '', next: `${compare} After a restore it is the time since the back-up.` },
    text: `the end was cut off: row ${newest} was written, and there is none from ${sequence} on`,
  }),
  rewritten: (sequence: number, about: string, before: number): ChainFault => ({
    ...{ kind: 'rewritten', sequence, about, next: compare },
    text: `row ${sequence} is not the one that was told when it was written: somebody made the chain anew after row ${before}`,
  }),
  stray: (about: string): ChainFault => ({
    ...{ kind: 'inserted', sequence: 0, about, next: `The chain itself is as it was written. ${find}` },
    text: 'a row without a number is younger than the chain, and was put in by somebody else than the writer',
  }),
} satisfies Record<ChainFaultKind | 'stray', (...given: never[]) => ChainFault>;

/** So far it is looked for a row that stands elsewhere than where it was written. */
const aheadMax = 1_000;

interface Suspect {
  readonly row: ChainRow;
  readonly head: ChainMark | null;
}

/** What is wrong with a row that does not follow from `last`, by the rows behind it. */
export async function faultAt(source: ChainSource, last: ChainMark, { row, head }: Suspect): Promise<ChainFault> {
  const { sequence, about } = row;
  if (sequence > last.sequence + 1) return faults.missing(last.sequence + 1, sequence);
  if (sequence <= last.sequence) return faults.inserted(sequence, about);
  const rows = await source.rows(last.sequence, aheadMax);
  // Nobody whose writing counts knows of it.
  if (rows.length === 1 && head !== null && sequence > head.sequence) return faults.inserted(sequence, about);
  // Is the one that belongs here further on? Then this one belongs elsewhere, or nowhere.
  if (!rows.some((other) => follows(last, other))) return faults.edited(sequence, about);
  return rows.some((other) => follows(other, row))
    ? faults.reordered(sequence, about)
    : faults.inserted(sequence, about);
}

const follows = (before: ChainMark, row: ChainRow): boolean => markAfter(before, row.text).hash === row.hash;
