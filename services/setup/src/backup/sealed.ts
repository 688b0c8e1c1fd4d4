import { schemaName } from '@scalpstorm/store';
import type postgres from 'postgres';
import { placeOf } from './catalog.js';
import type { Manifest } from './manifest.js';

type Query = postgres.Sql | postgres.TransactionSql;

/** An envelope begins with its version and the id of its key (libs/platform/vault). */
const [keyIdAt, keyIdBytes] = [2, 8];

/** Which keys open what is sealed in the tables. Ids and numbers; nothing is opened. */
export async function sealedIn(sql: Query, namespace: string, present: readonly string[]): Promise<Manifest['needs']> {
  const execution = schemaName(namespace, 'execution');
  const notifications = schemaName(namespace, 'notifications');
  const keys = await rowsOf<{ id: string }>(sql, [execution, 'venue_accounts'], present, (place) => {
    return `select distinct encode(substr(envelope, ${keyIdAt}, ${keyIdBytes}), 'hex') as id from ${place} order by 1`;
  });
  const webhooks = await rowsOf<{ count: number }>(sql, [notifications, 'webhooks'], present, (place) => {
    return `select count(*)::int as count from ${place}`;
  });
  return { vaultKeys: keys.map(({ id }) => id), notificationSecrets: webhooks[0]?.count ?? 0 };
}

/** Nothing where the table is not there: an older schema, or a service that never ran. */
async function rowsOf<Row extends object>(
  sql: Query,
  [schema, table]: readonly [string, string],
  present: readonly string[],
  question: (place: string) => string,
): Promise<readonly Row[]> {
  if (!present.includes(schema)) return [];
  const [found] = await sql`select 1 from pg_tables where schemaname = ${schema} and tablename = ${table}`;
  return found === undefined ? [] : sql.unsafe<Row[]>(question(placeOf(schema, table)));
}
