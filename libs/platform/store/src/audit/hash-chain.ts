import { createHash } from 'node:crypto';

/** A row of a chain: which one, and the hash of everything up to it, as 64 hexadecimal digits. */
export interface ChainMark {
  readonly sequence: number;
  readonly hash: string;
}

/** Changes when the canonical form of any row does; a chain of another form is another chain. */
const form = 1;

/** Before the first row. Different in every chain, so that rows of one prove nothing in another. */
export function beginningOf(chain: string): ChainMark {
  return { sequence: 0, hash: createHash('sha256').update(`scalpstorm audit ${form} ${chain}`, 'utf8').digest('hex') };
}

/** SHA-256(hash before ‖ canonical form of the row, UTF-8). */
export function markAfter(before: ChainMark, text: string): ChainMark {
  const hash = createHash('sha256').update(before.hash, 'hex').update(text, 'utf8').digest('hex');
  return { sequence: before.sequence + 1, hash };
}

/** Each with its place behind the mark, and behind those before it. */
export function linkedAfter<T extends object>(
  before: ChainMark,
  rows: readonly T[],
  textOf: (row: T) => string,
): readonly (T & ChainMark)[] {
  let mark = before;
  return rows.map((row) => {
    mark = markAfter(mark, textOf(row));
    return { ...row, ...mark };
  });
}
