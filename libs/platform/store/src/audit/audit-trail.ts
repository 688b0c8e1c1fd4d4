import { second, Timestamp } from '@scalpstorm/kernel';
import type { WallClock } from '@scalpstorm/observability';
import type { Sql, Transaction } from '../session.js';
import type { Store } from '../store.js';
import { canonicalJson, storableText } from './canonical-json.js';
import type { ChainRow, ChainSource } from './chain-source.js';
import { beginPruning, checkpointOf, type MarkRow, markOf } from './checkpoints.js';
import { beginningOf, type ChainMark } from './hash-chain.js';

/** One fact for the audit. Never a secret, nor anything that a person may have typed in place of one. */
export interface AuditEntry {
  /** What was done, e.g. `logged-in`. */
  readonly kind: string;
  /** Who did it; empty where nobody is known. */
  readonly actor: string;
  /** What it was done to. */
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

interface RecordRow extends AuditEntry, MarkRow {
  readonly recorded_at_us: bigint | number;
}

export interface AuditTrailOptions {
  readonly store: Store;
  readonly clock: WallClock;
  /** Whose it is. */
  readonly service: string;
  readonly chain: string;
}

const pruneBatch = 1_000;
const keptFor = 400 * 24 * 3_600 * second;

/** A chain in the table `audit_records`, which any number of processes add to: the newest row is locked until they commit. */
export class AuditTrail implements ChainSource {
  readonly chain: string;
  readonly name: string;

  constructor(private readonly options: AuditTrailOptions) {
    this.chain = options.chain;
    this.name = `${options.service}/${options.chain}`;
  }

  /** In the transaction of the fact, as its last statement: everybody else who adds one waits from here to the commit. */
  async append(tx: Sql | Transaction, { kind, actor, subject, body }: AuditEntry): Promise<void> {
    const row = { kind, actor: storableText(actor), subject: storableText(subject), body };
    const recordedAt = this.options.clock.now();
    const text = textOf({ ...row, recorded_at_us: recordedAt });
    const { hash: beginning } = beginningOf(this.name);
    await tx`
      with head as (
        insert into audit_heads (chain, sequence, hash)
        values (${this.chain}, 1, sha256(decode(${beginning}, 'hex') || convert_to(${text}, 'UTF8')))
        on conflict (chain) do update
          set sequence = audit_heads.sequence + 1, hash = sha256(audit_heads.hash || convert_to(${text}, 'UTF8'))
        returning sequence, hash
      )
      insert into audit_records (chain, sequence, recorded_at_us, kind, actor, subject, body, hash)
      select ${this.chain}, head.sequence, ${recordedAt}::bigint, ${row.kind}, ${row.actor}, ${row.subject},
             ${canonicalJson(body)}::text::jsonb, head.hash
        from head`;
  }

  /** A fact that changes nothing else. */
  async record(entry: AuditEntry): Promise<void> {
    await this.options.store.statement((sql) => this.append(sql, entry));
  }

  checkpoint(): Promise<ChainMark | null> {
    return checkpointOf(this.options.store.sql, this.chain);
  }

  async head(): Promise<ChainMark | null> {
    const [row] = await this.options.store.sql<MarkRow[]>`
      select sequence, hash from audit_heads where chain = ${this.chain}`;
    return row ? markOf(row) : null;
  }

  async rows(after: number, limit: number): Promise<readonly ChainRow[]> {
    const rows = await this.options.store.sql<RecordRow[]>`
      select sequence, hash, recorded_at_us, kind, actor, subject, body from audit_records
       where chain = ${this.chain} and sequence > ${after} order by sequence limit ${limit}`;
    return rows.map((row) => ({ ...markOf(row), text: textOf(row), about: `${row.kind} ${row.subject}`.trim() }));
  }

  /** Its newest row, for whoever anchors it. */
  async ends(): Promise<readonly { readonly chain: string; readonly mark: ChainMark }[]> {
    const mark = await this.head();
    return mark === null ? [] : [{ chain: this.chain, mark }];
  }

  /** Forgets what is older than it is kept, a bounded number of rows; gives how many. */
  tidy(): Promise<number> {
    return this.prune(Timestamp.plus(this.options.clock.now(), -keptFor));
  }

  /** Forgets what was recorded before, a bounded number of rows; gives how many. */
  prune(before: Timestamp): Promise<number> {
    const { chain } = this;
    return this.options.store.transaction(async (tx) => {
      const from = (await checkpointOf(tx, chain))?.sequence ?? 0;
      const rows = await tx<(MarkRow & { recorded_at_us: bigint })[]>`
        select sequence, hash, recorded_at_us from audit_records
         where chain = ${chain} and sequence > ${from} order by sequence limit ${pruneBatch}`;
      const kept = rows.findIndex((row) => row.recorded_at_us >= before);
      const old = kept === -1 ? rows : rows.slice(0, kept);
      const last = old.at(-1);
      if (last === undefined) return 0;
      await beginPruning(tx, chain, markOf(last));
      await tx`delete from audit_records where chain = ${chain} and sequence <= ${last.sequence}`;
      return old.length;
    });
  }
}

const textOf = ({ kind, actor, subject, body, recorded_at_us: at }: Omit<RecordRow, keyof MarkRow>): string =>
  canonicalJson({ actor, body, kind, recordedAtUs: String(at), subject });
