import { VerdictChain } from '@scalpstorm/risk-gate/simulation';
import { type ChainMark, verifyChain } from '@scalpstorm/store';
import { plainStore } from '../services/memory-tables.js';
import type { World } from '../world.js';
import type { Stain } from './cleanliness.js';

const pageMax = 5_000;

/**
 * I9: every verdict that is written down is bound to the one before it, the chain has all the ends that it ever had, and each row says
 * what was told first.
 */
export async function auditStainOf({ gateTables, watch }: World): Promise<Stain | null> {
  const chain = new VerdictChain(plainStore(gateTables));
  let after: ChainMark | null = null;
  for (;;) {
    const check = await verifyChain(chain, { after, anchors: watch.chainEnds, rowsMax: pageMax });
    if (check.fault !== null) return tainted(`row ${check.fault.sequence}: ${check.fault.kind}, ${check.fault.text}`);
    if (check.complete) break;
    after = check.last;
  }
  for (const row of gateTables.rows('verdicts').values()) {
    const id = String(row.client_order_id);
    const told = watch.verdicts.firstVerdictOf(id);
    if (told !== (row.approved === true ? 'approved' : 'denied')) return tainted(`${id} was ${told}, its row differs`);
  }
  return null;
}

const tainted = (text: string): Stain => ({ invariant: 'I9', text });
