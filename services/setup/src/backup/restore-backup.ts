import { createInterface } from 'node:readline/promises';
import {
  type CarriedMessage,
  countMessages,
  fillStreams,
  type NatsAddress,
  type Provisioning,
  provisionTopology,
  removeTopology,
} from '@scalpstorm/bus';
import { topology } from '@scalpstorm/contracts';
import type { Log } from '@scalpstorm/observability';
import { migrateTo, schemaName, unknownMigrations } from '@scalpstorm/store';
import postgres from 'postgres';
import { BackupFault } from './backup-fault.js';
import { existingSchemas, inOrderOfReference, liveLeases, placeOf, quoted } from './catalog.js';
import { migrationsOf, ownedSchemas } from './layout.js';
import { type Manifest, readBackup, type SchemaEntry, type StoredFile } from './manifest.js';
import { pour, unpacked } from './stored-file.js';
import { type Made, madeOf } from './take-backup.js';
import { isLater } from './version.js';

export interface RestoreWish {
  readonly folder: string;
  readonly postgresUrl: string;
  /** Where it goes; it may be another one than that of the back-up. */
  readonly namespace: string;
  /** The administrator's; null: the streams are somebody else's care. */
  readonly bus: NatsAddress | null;
  /** How its streams are made. */
  readonly provisioning: Provisioning;
  /** Of this platform. */
  readonly version: string;
  /** Whatever is there goes. */
  readonly replace: boolean;
  /** Nothing is opened until somebody releases the platform's trading. */
  readonly halted: boolean;
  readonly log: Log;
}

/**
 * Puts a back-up where nothing is, or in place of what is there: checks all of it first, then makes the tables by the migrations that
 * the back-up's had and fills all of them in one transaction. After a failure nothing of it is left. @throws BackupFault
 */
export async function restoreBackup(wish: RestoreWish): Promise<Made> {
  const manifest = await readBackup(wish.folder);
  requireKnown(manifest, wish.version);
  const sql = postgres(wish.postgresUrl, { max: 1, onnotice: () => undefined });
  try {
    await clear(sql, wish);
    await renewStreams(wish);
    try {
      for (const entry of manifest.schemas) await makeSchema(wish, entry);
      await sql.begin((tx) => fill(tx, wish, manifest));
    } catch (error) {
      await dropSchemas(sql, wish.namespace);
      throw error;
    }
  } finally {
    await sql.end();
  }
  if (wish.bus !== null)
    for (const stream of manifest.streams) await fillStreams(wish.bus, messagesOf(wish.folder, stream));
  return madeOf(wish.folder, manifest);
}

function requireKnown({ version, schemas }: Manifest, ours: string): void {
  const unknown = schemas.flatMap(({ schema, migrations }) => {
    const owned = ownedSchemas.find((known) => known.schema === schema);
    const missing = owned === undefined ? ['all of it'] : unknownMigrations(migrationsOf(owned), migrations);
    return missing.map((name) => `${schema}: ${name}`);
  });
  if (unknown.length === 0 && !isLater(version, ours)) return;
  const what = unknown.length === 0 ? '' : ` and has what this version does not know (${unknown.join(', ')})`;
  const text = `the back-up was made by version ${version}${what}; this is ${ours}`;
  throw new BackupFault('BACKUP_NEWER', text, `restore it with version ${version} or a later one`);
}

const schemasOf = (namespace: string): readonly string[] =>
  ownedSchemas.map(({ schema }) => schemaName(namespace, schema));

async function clear(sql: postgres.Sql, { namespace, replace, bus }: RestoreWish): Promise<void> {
  const present = await existingSchemas(sql, schemasOf(namespace));
  const [live] = await liveLeases(sql, present);
  if (live !== undefined) {
    const text = `${live.holder} writes to ${live.schema} at this moment`;
    throw new BackupFault('PLATFORM_RUNNING', text, 'stop every service, wait ten seconds, and restore again');
  }
  if (replace) return dropSchemas(sql, namespace);
  const counts = bus === null ? [] : [...(await countMessages(bus, streamNames))].filter(([, count]) => count > 0);
  if (present.length === 0 && counts.length === 0) return;
  const there = [
    ...present.map((name) => `schema ${name}`),
    ...counts.map(([name, count]) => `${count} messages in ${name}`),
  ];
  const text = `something is there already: ${there.join(', ')}`;
  throw new BackupFault('TARGET_NOT_EMPTY', text, 'back that up too, then restore with --replace, which deletes it');
}

const streamNames = topology.streams.map(({ name }) => name);

async function dropSchemas(sql: postgres.Sql, namespace: string): Promise<void> {
  for (const name of await existingSchemas(sql, schemasOf(namespace)))
    await sql.unsafe(`drop schema ${quoted(name)} cascade`);
}

/** Also where they are empty: a stream remembers the ids of what it had, and would take what is told now for a repetition. */
async function renewStreams({ bus, provisioning }: RestoreWish): Promise<void> {
  if (bus === null) return;
  await removeTopology(bus);
  await provisionTopology(bus, provisioning);
}

async function makeSchema({ postgresUrl, namespace, log }: RestoreWish, entry: SchemaEntry): Promise<void> {
  const owned = ownedSchemas.find(({ schema }) => schema === entry.schema);
  if (owned === undefined) return;
  const schema = schemaName(namespace, entry.schema);
  await migrateTo({ url: postgresUrl, schema, folder: migrationsOf(owned), log }, entry.migrations);
}

async function fill(tx: postgres.TransactionSql, wish: RestoreWish, { schemas }: Manifest): Promise<void> {
  for (const entry of schemas) await fillSchema(tx, wish, entry);
  if (!wish.halted) return;
  const states = placeOf(schemaName(wish.namespace, 'risk'), 'trading_states');
  await tx.unsafe(
    `insert into ${states} (user_id, state, text, changed_by, since_us)
     values ('', 'halted', 'restored from a back-up', 'restore', (extract(epoch from now()) * 1000000)::bigint)
     on conflict (user_id) do update set
       state = excluded.state, text = excluded.text, changed_by = excluded.changed_by, since_us = excluded.since_us`,
  );
}

async function fillSchema(
  tx: postgres.TransactionSql,
  { folder, namespace }: RestoreWish,
  { schema, tables, sequences }: SchemaEntry,
): Promise<void> {
  const name = schemaName(namespace, schema);
  const order = await inOrderOfReference(
    tx,
    name,
    tables.map((table) => table.name),
  );
  // What a migration has put there is in the back-up, too.
  if (order.length > 0) await tx.unsafe(`truncate ${order.map((table) => placeOf(name, table)).join(', ')} cascade`);
  for (const table of order) {
    const entry = tables.find((one) => one.name === table);
    if (entry === undefined) continue;
    const place = placeOf(name, table);
    const columns = entry.columns.map(quoted).join(', ');
    await pour(folder, entry, await tx.unsafe(`copy ${place} (${columns}) from stdin`).writable());
    const [found] = await tx.unsafe<{ rows: string }[]>(`select count(*)::text as rows from ${place}`);
    if (Number(found?.rows) !== entry.rows) {
      const text = `${place} has ${found?.rows} rows, and the back-up ${entry.rows}`;
      throw new BackupFault('RESTORE_DIFFERS', text, 'nothing was kept; take another back-up, and report this');
    }
  }
  for (const { name: sequence, last, called } of sequences)
    await tx`select setval(${placeOf(name, sequence)}::regclass, ${last}::bigint, ${called})`;
}

async function* messagesOf(folder: string, stored: StoredFile): AsyncIterable<CarriedMessage> {
  for await (const line of createInterface({ input: unpacked(folder, stored) })) {
    const { subject, headers, data } = JSON.parse(line) as Omit<CarriedMessage, 'data'> & { readonly data: string };
    yield { subject, headers, data: Buffer.from(data, 'base64') };
  }
}
