import type { Sql, Transaction } from '../session.js';
import type { ChainMark } from './hash-chain.js';

/** A row of any table that is a chain, as the driver gives it. */
export interface MarkRow {
  readonly sequence: bigint;
  readonly hash: Uint8Array;
}

export const markOf = ({ sequence, hash }: MarkRow): ChainMark => ({
  sequence: Number(sequence),
  hash: Buffer.from(hash).toString('hex'),
});

/** The newest row of a chain that was forgotten; null: none was. */
export async function checkpointOf(sql: Sql | Transaction, chain: string): Promise<ChainMark | null> {
  const [row] = await sql<MarkRow[]>`select sequence, hash from audit_checkpoints where chain = ${chain}`;
  return row ? markOf(row) : null;
}

/** In the transaction that forgets the rows up to the mark: from here on their deletion is allowed. */
export async function beginPruning(tx: Transaction, chain: string, { sequence, hash }: ChainMark): Promise<void> {
  await tx`
    with allowed as (select set_config('scalpstorm.pruning', 'on', true))
    insert into audit_checkpoints (chain, sequence, hash)
    select ${chain}, ${sequence}::bigint, decode(${hash}, 'hex') from allowed
    on conflict (chain) do update set sequence = excluded.sequence, hash = excluded.hash, pruned_at = now()
     where excluded.sequence > audit_checkpoints.sequence`;
}
