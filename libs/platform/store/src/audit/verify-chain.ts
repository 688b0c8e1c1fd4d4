import { setImmediate as breathe } from 'node:timers/promises';
import { type ChainFault, faultAt, faults } from './chain-fault.js';
import type { ChainSource } from './chain-source.js';
import { beginningOf, type ChainMark, markAfter } from './hash-chain.js';

export interface ChainQuestion {
  /** Where the last look ended; null: from the beginning, or from the checkpoint. */
  readonly after: ChainMark | null;
  /** What was told outside of the table: the chain had these rows. */
  readonly anchors: readonly ChainMark[];
  readonly rowsMax?: number;
}

/** What a look at a part of a chain found. */
export interface ChainCheck {
  /** So many rows are right. */
  readonly rows: number;
  /** The row before the first that was looked at. */
  readonly from: ChainMark;
  /** The last one that is right. */
  readonly last: ChainMark;
  /** False: there is more to look at, after `last`. */
  readonly complete: boolean;
  readonly fault: ChainFault | null;
}

const rowsMaxUsual = 5_000;
/** Rows between two breaths: whoever verifies has other work, and that is older than this. */
const sliceMax = 200;

/** Looks at no more than `rowsMax` rows, in small steps; ends at the first that is wrong. */
export async function verifyChain(
  source: ChainSource,
  { after, anchors, rowsMax = rowsMaxUsual }: ChainQuestion,
): Promise<ChainCheck> {
  // Before the rows: they only grow, so none of what it counts may be missing in them.
  const head = await source.head();
  const checkpoint = await source.checkpoint();
  const told = marksBySequence(head === null ? anchors : [...anchors, head]);
  const from = farther(after, checkpoint) ?? beginningOf(source.name);
  const check = { rows: 0, from, last: from, complete: false, fault: contradicted(from, told) };
  while (check.fault === null && check.rows < rowsMax) {
    const rows = await source.rows(check.last.sequence, Math.min(sliceMax, rowsMax - check.rows));
    if (rows.length === 0) return { ...check, complete: true, fault: await endingFault(source, check.last, told) };
    for (const row of rows) {
      const next = markAfter(check.last, row.text);
      if (row.sequence !== next.sequence || row.hash !== next.hash) {
        const pruned = await source.checkpoint();
        if (row.sequence > next.sequence && pruned !== null && pruned.sequence > check.last.sequence) {
          // Forgotten while we looked: it goes on behind.
          check.last = pruned;
          break;
        }
        return { ...check, fault: await faultAt(source, check.last, { row, head }) };
      }
      check.fault = contradicted(next, told, row.about);
      if (check.fault !== null) return check;
      check.last = next;
      check.rows += 1;
    }
    await breathe();
  }
  return check;
}

/** Several may have been told of one row, when two of us wrote. */
type Told = ReadonlyMap<number, ReadonlySet<string>>;

function marksBySequence(marks: readonly ChainMark[]): Told {
  const told = new Map<number, Set<string>>();
  for (const { sequence, hash } of marks) told.set(sequence, (told.get(sequence) ?? new Set()).add(hash));
  return told;
}

const farther = (one: ChainMark | null, other: ChainMark | null): ChainMark | null =>
  one !== null && (other === null || one.sequence >= other.sequence) ? one : other;

/** It follows from the row before it, and is not what was told outside: the chain was made anew, up to here at least. */
function contradicted({ sequence, hash }: ChainMark, told: Told, about = ''): ChainFault | null {
  const wanted = told.get(sequence);
  if (wanted === undefined || (wanted.size === 1 && wanted.has(hash))) return null;
  const before = Math.max(0, ...[...told.keys()].filter((other) => other < sequence));
  return faults.rewritten(sequence, about, before);
}

async function endingFault(source: ChainSource, last: ChainMark, told: Told): Promise<ChainFault | null> {
  const stray = (await source.stray?.()) ?? null;
  return truncated(last, told) ?? (stray === null ? null : faults.stray(stray));
}

/** There were rows after the last one. */
function truncated({ sequence }: ChainMark, told: Told): ChainFault | null {
  const newest = Math.max(0, ...told.keys());
  return newest > sequence ? faults.truncated(sequence + 1, newest) : null;
}
