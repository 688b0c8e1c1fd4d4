import type { AppliedMigrations } from '@scalpstorm/store';
import type postgres from 'postgres';
import { leaseTables, migrationTables, tablesLeftOut } from './layout.js';

type Query = postgres.Sql | postgres.TransactionSql;

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const placeOf = (schema: string, name: string): string => `${quoted(schema)}.${quoted(name)}`;

export async function existingSchemas(sql: Query, names: readonly string[]): Promise<readonly string[]> {
  const rows = await sql<{ name: string }[]>`
    select nspname as name from pg_namespace where nspname = any(${[...names]}) order by nspname`;
  return rows.map(({ name }) => name);
}

export interface TableShape {
  readonly name: string;
  /** Those that are stored; what Postgres makes of others is made again. */
  readonly columns: readonly string[];
}

/** The tables whose rows are kept. */
export async function tablesOf(sql: Query, schema: string): Promise<readonly TableShape[]> {
  const rows = await sql<{ name: string; columns: string[] }[]>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = ${schema}::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     group by c.relname order by c.relname`;
  return rows.filter(({ name }) => !tablesLeftOut.has(name)).map(({ name, columns }) => ({ name, columns }));
}

export interface SequencePlace {
  readonly name: string;
  readonly last: string;
  readonly called: boolean;
}

/** A sequence belongs to no snapshot: it is where it is now, which is at or past every row that was read before. */
export async function sequencesOf(sql: Query, schema: string): Promise<readonly SequencePlace[]> {
  const rows = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = ${schema}::regnamespace and relkind = 'S' order by relname`;
  const places: SequencePlace[] = [];
  for (const { name } of rows) {
    const [place] = await sql.unsafe<{ last: string; called: boolean }[]>(
      `select last_value::text as last, is_called as called from ${placeOf(schema, name)}`,
    );
    if (place !== undefined) places.push({ name, last: place.last, called: place.called });
  }
  return places;
}

export async function migrationsIn(sql: Query, schema: string): Promise<AppliedMigrations> {
  const names = async (table: string) => {
    const rows = await sql.unsafe<{ name: string }[]>(`select name from ${placeOf(schema, table)} order by id`);
    return rows.map(({ name }) => name);
  };
  return { store: await names(migrationTables.store), own: await names(migrationTables.own) };
}

/** Names in an order in which no row comes before the one that it refers to. */
export async function inOrderOfReference(
  sql: Query,
  schema: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const rows = await sql<{ table: string; refers: string }[]>`
    select own.relname as table, other.relname as refers
      from pg_constraint k join pg_class own on own.oid = k.conrelid join pg_class other on other.oid = k.confrelid
     where k.contype = 'f' and k.connamespace = ${schema}::regnamespace and own.oid <> other.oid`;
  const ordered: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (ordered.includes(name) || path.includes(name)) return;
    for (const { refers } of rows.filter(({ table }) => table === name)) visit(refers, [...path, name]);
    ordered.push(name);
  };
  for (const name of names) visit(name, []);
  return ordered.filter((name) => names.includes(name));
}

export interface LiveLease {
  readonly schema: string;
  readonly holder: string;
}

/** Who writes there at this moment. */
export async function liveLeases(sql: Query, schemas: readonly string[]): Promise<readonly LiveLease[]> {
  const rows = await sql<{ schema: string; name: string }[]>`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any(${[...schemas]}) and c.relname = any(${[...leaseTables]}) and c.relkind = 'r' order by 1, 2`;
  const live: LiveLease[] = [];
  for (const { schema, name } of rows) {
    const holders = await sql.unsafe<{ holder: string }[]>(
      `select holder from ${placeOf(schema, name)} where expires_at > now() limit 1`,
    );
    for (const { holder } of holders) live.push({ schema, holder });
  }
  return live;
}
