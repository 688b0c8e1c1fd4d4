import type { Timestamp } from '@scalpstorm/kernel';
import {
  beginningOf,
  beginPruning,
  type ChainMark,
  type ChainRow,
  type ChainSource,
  canonicalRow,
  checkpointOf,
  isPostgresError,
  linkedAfter,
  type MarkRow,
  markOf,
  type Store,
  storableText,
} from '@scalpstorm/store';
import type { VerdictRow } from './verdict-row.js';

export const verdictChain = 'verdicts';

const pruneBatch = 1_000;
/** Another writer, or an earlier attempt of ours that nobody confirmed, can be in the way once; more often it is a mistake. */
const attemptsMax = 4;
const duplicateKey = '23505';
const placeColumns: ReadonlySet<string> = new Set(['sequence', 'hash']);
const textOf = (row: object): string => canonicalRow(row, placeColumns);

type LinkedRow = VerdictRow & ChainMark;
type StoredRow = VerdictRow & MarkRow;

/** The table of the verdicts, and the chain that its rows are. The head moves in the statement of the rows, or neither is written. */
export class VerdictChain implements ChainSource {
  readonly name = `risk-gate/${verdictChain}`;
  /** As this process left it; null: to be read. */
  private known: ChainMark | null = null;

  constructor(private readonly store: Store) {}

  /** Adds those that are not there yet; of an id the first stands. */
  async add(rows: readonly VerdictRow[]): Promise<void> {
    let left = firstOfEach(rows);
    for (let attempt = 0; left.length > 0; attempt += 1) {
      const before = this.known ?? (await this.head()) ?? beginningOf(this.name);
      const linked = linkedAfter(before, left, textOf);
      if (await this.put(before, linked)) {
        const { sequence, hash } = linked.at(-1) ?? before;
        this.known = { sequence, hash };
        return;
      }
      if (attempt === attemptsMax) throw new Error('the end of the chain of verdicts moves under its writer');
      this.known = null;
      left = await this.absent(left);
    }
  }

  /** Forgets a batch of what was decided before; gives how many. */
  prune(before: Timestamp): Promise<number> {
    return this.store.transaction(async (tx) => {
      const from = await checkpointOf(tx, verdictChain);
      const rows = await tx<(MarkRow & { decided_at_us: bigint })[]>`
        select sequence, hash, decided_at_us from verdicts
         where sequence > ${from?.sequence ?? 0} order by sequence limit ${pruneBatch}`;
      const young = rows.findIndex((row) => row.decided_at_us >= before);
      const last = young === 0 ? undefined : rows.at(young === -1 ? rows.length - 1 : young - 1);
      const mark = last === undefined ? from : markOf(last);
      await tx`select set_config('scalpstorm.pruning', 'on', true)`;
      if (mark !== null) await beginPruning(tx, verdictChain, mark);
      const { count } = await tx`
        delete from verdicts where client_order_id in (
          select client_order_id from verdicts
           where sequence <= ${mark?.sequence ?? 0} or (sequence is null and decided_at_us < ${before})
           limit ${pruneBatch})`;
      return count;
    });
  }

  async head(): Promise<ChainMark | null> {
    const [row] = await this.store.sql<MarkRow[]>`select sequence, hash from audit_heads where chain = ${verdictChain}`;
    return row ? markOf(row) : null;
  }

  checkpoint(): Promise<ChainMark | null> {
    return checkpointOf(this.store.sql, verdictChain);
  }

  async rows(after: number, limit: number): Promise<readonly ChainRow[]> {
    const rows = await this.store.sql<StoredRow[]>`
      select * from verdicts where sequence > ${after} order by sequence limit ${limit}`;
    return rows.map((row) => ({ ...markOf(row), text: textOf(row), about: `verdict on order ${row.client_order_id}` }));
  }

  /** Verdicts from before the chain have no number; one that came later was not written by us. */
  async stray(): Promise<string | null> {
    const [row] = await this.store.sql<Pick<VerdictRow, 'client_order_id'>[]>`
      select client_order_id from verdicts where sequence is null and decided_at_us > (
        select decided_at_us from verdicts where sequence is not null order by sequence limit 1) limit 1`;
    return row ? `verdict on order ${row.client_order_id}` : null;
  }

  async unchained(): Promise<number> {
    const [row] = await this.store.sql<{ verdicts: number }[]>`
      select count(*)::int as verdicts from verdicts where sequence is null`;
    return row?.verdicts ?? 0;
  }

  /** False: the chain does not end there any more, or one of them is written already. */
  private async put(before: ChainMark, rows: readonly LinkedRow[]): Promise<boolean> {
    const last = rows.at(-1) ?? before;
    const given = JSON.stringify(
      rows.map((row) => ({ ...row, hash: `\\x${row.hash}` })),
      (_, value: unknown) => (typeof value === 'bigint' ? String(value) : stored(value)),
    );
    try {
      const [put] = await this.store.sql<{ rows: number }[]>`
        with head as (
          insert into audit_heads (chain, sequence, hash)
          select ${verdictChain}, ${last.sequence}::bigint, decode(${last.hash}, 'hex')
           where ${before.sequence}::bigint = 0 or exists (select 1 from audit_heads where chain = ${verdictChain})
          on conflict (chain) do update set sequence = excluded.sequence, hash = excluded.hash
            where audit_heads.sequence = ${before.sequence} and audit_heads.hash = decode(${before.hash}, 'hex')
          returning 1
        ), put as (
          insert into verdicts select given.* from jsonb_populate_recordset(null::verdicts, ${given}::text::jsonb) given
           where exists (select 1 from head) returning 1
        )
        select count(*)::int as rows from put`;
      return put?.rows === rows.length;
    } catch (error) {
      if (isPostgresError(error) && error.code === duplicateKey) return false;
      throw error;
    }
  }

  private async absent(rows: readonly VerdictRow[]): Promise<readonly VerdictRow[]> {
    const ids = rows.map((row) => row.client_order_id);
    const there = await this.store.sql<Pick<VerdictRow, 'client_order_id'>[]>`
      select client_order_id from verdicts where client_order_id = any(${ids})`;
    const known = new Set(there.map((row) => row.client_order_id));
    return rows.filter((row) => !known.has(row.client_order_id));
  }
}

const stored = (value: unknown): unknown => (typeof value === 'string' ? storableText(value) : value);

function firstOfEach(rows: readonly VerdictRow[]): readonly VerdictRow[] {
  const first = new Map<string, VerdictRow>();
  for (const row of rows) if (!first.has(row.client_order_id)) first.set(row.client_order_id, row);
  return [...first.values()];
}
