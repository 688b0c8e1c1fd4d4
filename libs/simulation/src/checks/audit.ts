import { second } from '@scalpstorm/kernel';
import { VerdictChain } from '@scalpstorm/risk-gate/simulation';
import { type ChainMark, verifyChain } from '@scalpstorm/store';
import { plainStore } from '../services/memory-tables.js';
import type { World } from '../world.js';
import type { Stain } from './violation.js';

const pageMax = 5_000;
/**
 * Verdicts are written down in batches, again and again while the database is away. What a gate had told and not written when it died is
 * in the stream alone, until somebody asks again: never most of them.
 */
const writtenWithin = 10 * second;

/**
 * I9: every verdict that is written down is bound to the one before it, the chain has all the ends that it ever had, and each row says
 * what was told first; and most of what was told is there.
 */
export async function auditStainOf({ gateTables, watch, time }: World): Promise<Stain | null> {
  const chain = new VerdictChain(plainStore(gateTables));
  let after: ChainMark | null = null;
  for (;;) {
    const check = await verifyChain(chain, { after, anchors: watch.chainEnds, rowsMax: pageMax });
    if (check.fault !== null) return tainted(`row ${check.fault.sequence}: ${check.fault.kind}, ${check.fault.text}`);
    if (check.complete) break;
    after = check.last;
  }
  const rows = gateTables.rows('verdicts');
  for (const row of rows.values()) {
    const id = String(row.client_order_id);
    const told = watch.verdicts.firstVerdictOf(id);
    if (told !== (row.approved === true ? 'approved' : 'denied')) return tainted(`${id} was ${told}, its row differs`);
  }
  const told = watch.verdicts.toldBefore(time.elapsed - writtenWithin);
  const written = told.filter((id) => rows.has(id)).length;
  return written * 2 >= told.length ? null : tainted(`of ${told.length} verdicts ${written} are written down`);
}

const tainted = (text: string): Stain => ({ invariant: 'I9', text });
