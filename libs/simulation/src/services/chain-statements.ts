import { assert } from '@scalpstorm/kernel';
import type { ChainMark } from '@scalpstorm/store';
import postgres from 'postgres';

type Row = Readonly<Record<string, unknown>>;

interface Tables {
  rows(table: string): Map<unknown, Row>;
  /** Told of each new end of the chain. */
  chainEnded(mark: ChainMark): void;
}

export const isChaining = (text: string): boolean => text.startsWith('with head as ( insert into audit_heads');

/**
 * The statement of `verdict-chain.ts`, over tables in memory: the end of the chain moves, and the rows are there; or neither, where the
 * chain does not end there any more. A row that is there already undoes all of it.
 */
export function chained(given: readonly unknown[], tables: Tables): { readonly rows: number } {
  const [chain, sequence, hash, begins, sameChain, beforeSequence, beforeHash, json] = given;
  const isKnown =
    typeof hash === 'string' && typeof json === 'string' && begins === beforeSequence && sameChain === chain;
  assert(isKnown && given.length === 8, 'the statement of a chain has another form');
  const heads = tables.rows('audit_heads');
  const head = heads.get(chain);
  // A chain that the database has lost is begun anew, and not gone on with.
  if (head === undefined && beforeSequence !== 0) return { rows: 0 };
  if (head !== undefined && !isAt(head, { sequence: beforeSequence, hash: beforeHash })) return { rows: 0 };
  const verdicts = tables.rows('verdicts');
  const rows = (JSON.parse(json) as readonly Row[]).map((row) => ({
    ...row,
    hash: bytesOf(String(row.hash).slice(2)),
  }));
  for (const { client_order_id: id } of rows as readonly Row[]) if (verdicts.has(id)) throw duplicateKey();
  heads.set(chain, { chain, sequence, hash: bytesOf(hash) });
  tables.chainEnded({ sequence: Number(sequence), hash });
  for (const row of rows as readonly Row[]) verdicts.set(row.client_order_id, row);
  return { rows: rows.length };
}

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

const isAt = (head: Row, { sequence, hash }: Row): boolean =>
  head.sequence === sequence && Buffer.from(head.hash as Uint8Array).toString('hex') === hash;

function duplicateKey(): Error {
  const error: postgres.PostgresError = Object.create(postgres.PostgresError.prototype);
  return Object.assign(error, { code: '23505', message: 'a verdict on this order is there already' });
}
