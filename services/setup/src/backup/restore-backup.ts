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

/** A service that only reads holds no lease; it is not waited for any longer. */
const takeOverMs = 5_000;
/** SQLSTATE lock_not_available. */
const lockNotAvailable = '55P03';

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
 * Puts a back-up where nothing is, or in place of what is there: checks all of it first, then makes the tables beside those that are
 * there, by the migrations that the back-up's had, and fills all of them in one transaction. Only then, in one transaction too, the old
 * ones go and the new take their names: whatever fails before, a full disk or a lost process, leaves what was there. @throws BackupFault
 */
export async function restoreBackup(wish: RestoreWish): Promise<Made> {
  const manifest = await readBackup(wish.folder);
  requireKnown(manifest, wish.version);
  const sql = postgres(wish.postgresUrl, { max: 1, onnotice: () => undefined });
  try {
    await requireSilence(sql, wish.namespace);
    if (!wish.replace) await requireEmpty(sql, wish);
    // Those of a restore that never came to its end.
    await dropStaged(sql, wish.namespace);
    try {
      for (const entry of manifest.schemas) await makeSchema(wish, entry);
      await sql.begin((tx) => fill(tx, wish, manifest));
      // Filling takes its time, and somebody may have started a service meanwhile.
      await requireSilence(sql, wish.namespace);
      await sql.begin(async (tx) => {
        await takeOver(tx, wish.namespace);
        // Nothing is kept of them that a failure could bring back, so they come last: when they fail, the tables stay.
        await renewStreams(wish);
      });
    } catch (error) {
      await dropStaged(sql, wish.namespace);
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

/** Where the tables of a schema are made; no namespace has such a one, and no service looks there. */
const stagedName = (namespace: string, schema: string): string => `${schemaName(namespace, schema)}_restoring`;

async function requireSilence(sql: postgres.Sql, namespace: string): Promise<void> {
  const [live] = await liveLeases(sql, await existingSchemas(sql, schemasOf(namespace)));
  if (live !== undefined) throw running(`${live.holder} writes to ${live.schema} at this moment`);
}

const running = (text: string): BackupFault =>
  new BackupFault('PLATFORM_RUNNING', text, 'stop every service, wait ten seconds, and restore again');

async function requireEmpty(sql: postgres.Sql, { namespace, bus }: RestoreWish): Promise<void> {
  const present = await existingSchemas(sql, schemasOf(namespace));
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

async function dropStaged(sql: postgres.Sql, namespace: string): Promise<void> {
  const staged = ownedSchemas.map(({ schema }) => stagedName(namespace, schema));
  for (const name of await existingSchemas(sql, staged)) await sql.unsafe(`drop schema ${quoted(name)} cascade`);
}

/** The new tables take the names of the old, which go: all of them or none. */
async function takeOver(tx: postgres.TransactionSql, namespace: string): Promise<void> {
  await tx.unsafe(`set local lock_timeout = ${takeOverMs}`);
  try {
    for (const name of await existingSchemas(tx, schemasOf(namespace)))
      await tx.unsafe(`drop schema ${quoted(name)} cascade`);
  } catch (error) {
    if ((error as { readonly code?: string }).code !== lockNotAvailable) throw error;
    throw running('somebody uses the tables that are to be replaced');
  }
  for (const { schema } of ownedSchemas) {
    const staged = stagedName(namespace, schema);
    if ((await existingSchemas(tx, [staged])).length === 0) continue;
    await tx.unsafe(`alter schema ${quoted(staged)} rename to ${quoted(schemaName(namespace, schema))}`);
  }
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
  const schema = stagedName(namespace, entry.schema);
  await migrateTo({ url: postgresUrl, schema, folder: migrationsOf(owned), log }, entry.migrations);
}

async function fill(tx: postgres.TransactionSql, wish: RestoreWish, { schemas }: Manifest): Promise<void> {
  for (const entry of schemas) await fillSchema(tx, wish, entry);
  if (!wish.halted) return;
  const states = placeOf(stagedName(wish.namespace, 'risk'), 'trading_states');
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
  const name = stagedName(namespace, schema);
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
