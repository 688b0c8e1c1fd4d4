import type { AccountId } from '@scalpstorm/model';
import {
  type ChainMark,
  type ChainRow,
  type ChainSource,
  checkpointOf,
  type MarkRow,
  markOf,
  type Sql,
  type SqlPart,
  type Store,
} from '@scalpstorm/store';
import { chainedText, orderChainName, orderChainOf, orderChainPrefix, requestText } from './order-chain.js';

/** With all columns of the order, under their own names. */
interface EventRow extends Readonly<Record<string, unknown>> {
  readonly event_sequence: bigint;
  readonly event_hash: Uint8Array;
  readonly event_order: string;
  readonly event_version: number;
  readonly event_kind: string;
  readonly event_body: unknown;
  readonly event_recorded_at_us: bigint;
}

/**
 * A query for the newest row of an account's chain, or the newest that was forgotten: rows of orders that still work stay where they
 * are, before the checkpoint.
 */
export const endOfChain = (sql: Sql, account: SqlPart) => sql<MarkRow[]>`
  select sequence, hash from (
    (select sequence, hash from order_events
      where account_id = ${account} and sequence is not null order by sequence desc limit 1)
    union all
    select sequence, hash from audit_checkpoints where chain = ${orderChainPrefix}::text || ${account}
  ) ends order by sequence desc limit 1`;

/** The rows of `order_events` of one account, as the chain that they are. */
export class PostgresOrderChain implements ChainSource {
  readonly name: string;

  constructor(
    private readonly store: Pick<Store, 'sql'>,
    private readonly accountId: AccountId,
    /** What the writer remembers, where it is this process. */
    private readonly remembered: () => ChainMark | null = () => null,
  ) {
    this.name = orderChainName(accountId);
  }

  async head(): Promise<ChainMark | null> {
    return this.remembered();
  }

  /** Where its next row goes on. */
  async newest(): Promise<ChainMark | null> {
    const { sql } = this.store;
    const [row] = await sql<MarkRow[]>`${endOfChain(sql, sql`${this.accountId}::text`)}`;
    return row ? markOf(row) : null;
  }

  checkpoint(): Promise<ChainMark | null> {
    return checkpointOf(this.store.sql, orderChainOf(this.accountId));
  }

  /** Rows from before the chain have no number; one that came later was not written by us. */
  async stray(): Promise<string | null> {
    const [row] = await this.store.sql<{ client_order_id: string; version: number }[]>`
      select event.client_order_id, event.version from order_events event join orders using (client_order_id)
       where event.sequence is null and orders.account_id = ${this.accountId} and event.recorded_at_us > (
         select recorded_at_us from order_events
          where account_id = ${this.accountId} and sequence is not null order by sequence limit 1) limit 1`;
    return row ? `order ${row.client_order_id} version ${row.version}` : null;
  }

  async rows(after: number, limit: number): Promise<readonly ChainRow[]> {
    const rows = await this.store.sql<EventRow[]>`
      select event.sequence as event_sequence, event.hash as event_hash, event.client_order_id as event_order,
             event.version as event_version, event.kind as event_kind, event.body as event_body,
             event.recorded_at_us as event_recorded_at_us, orders.*
        from order_events event left join orders using (client_order_id)
       where event.account_id = ${this.accountId} and event.sequence > ${after}
       order by event.sequence limit ${limit}`;
    return rows.map(rowOf);
  }
}

function rowOf(row: EventRow): ChainRow {
  const order = Object.entries(row).filter(([name]) => !name.startsWith('event_'));
  return {
    ...markOf({ sequence: row.event_sequence, hash: row.event_hash }),
    about: `order ${row.event_order} version ${row.event_version} ${row.event_kind}`,
    text: chainedText({
      clientOrderId: row.event_order,
      version: row.event_version,
      kind: row.event_kind,
      body: row.event_body,
      recordedAt: String(row.event_recorded_at_us),
      request: requestText(Object.fromEntries(order)),
    }),
  };
}
