import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type CarriedMessage, type NatsAddress, readStream } from '@scalpstorm/bus';
import type { StreamName } from '@scalpstorm/contracts';
import { schemaName } from '@scalpstorm/store';
import postgres from 'postgres';
import { BackupFault } from './backup-fault.js';
import { existingSchemas, migrationsIn, placeOf, quoted, sequencesOf, tablesOf } from './catalog.js';
import { carriedStreams, ownedSchemas, tablesLeftOut } from './layout.js';
import { backupFormat, filesOf, type Manifest, type SchemaEntry, type TableEntry, writeManifest } from './manifest.js';
import { sealedIn } from './sealed.js';
import { storeFile } from './stored-file.js';

export interface BackupWish {
  /** New, or empty. */
  readonly folder: string;
  readonly postgresUrl: string;
  readonly namespace: string;
  /** The administrator's; null: nothing of the streams is kept. */
  readonly bus: NatsAddress | null;
  /** Of the platform. */
  readonly version: string;
}

/** What was made, in numbers. */
export interface Made {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tables: number;
  readonly rows: number;
  readonly messages: number;
  readonly bytes: number;
}

/**
 * Copies every table of the installation as it was at one moment, while everybody goes on working: all is read in one transaction with
 * one snapshot, whatever is written meanwhile. One that fails leaves nothing. @throws BackupFault
 */
export async function takeBackup(wish: BackupWish): Promise<Made> {
  const { isNew } = claimFolder(wish.folder);
  try {
    return await fill(wish);
  } catch (error) {
    clear(wish.folder, isNew);
    throw error;
  }
}

async function fill(wish: BackupWish): Promise<Made> {
  const tables = await copyTables(wish);
  const streams = wish.bus === null ? [] : await copyStreams(wish.folder, wish.bus, Date.parse(tables.takenAt));
  const manifest: Manifest = {
    kind: 'scalpstorm-backup',
    format: backupFormat,
    version: wish.version,
    namespace: wish.namespace,
    ...tables,
    streams,
    leftOut: [...tablesLeftOut].sort(),
  };
  writeManifest(wish.folder, manifest);
  return madeOf(wish.folder, manifest);
}

export function madeOf(folder: string, manifest: Manifest): Made {
  const tables = manifest.schemas.flatMap((schema) => schema.tables);
  return {
    folder,
    manifest,
    tables: tables.length,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    messages: manifest.streams.reduce((sum, { messages }) => sum + messages, 0),
    bytes: filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function claimFolder(folder: string): { readonly isNew: boolean } {
  const isNew = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
  if (readdirSync(folder).length === 0) return { isNew };
  throw new BackupFault('BACKUP_FOLDER_NOT_EMPTY', `${folder} is not empty`, 'name a folder that does not exist yet');
}

/** A folder that was there before stays, empty: it may be a disk. */
function clear(folder: string, isNew: boolean): void {
  const gone = isNew ? [folder] : readdirSync(folder).map((name) => join(folder, name));
  for (const path of gone) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

type Copied = Pick<Manifest, 'takenAt' | 'postgres' | 'schemas' | 'needs'>;

async function copyTables({ folder, postgresUrl, namespace }: BackupWish): Promise<Copied> {
  const sql = postgres(postgresUrl, { max: 1, onnotice: () => undefined });
  try {
    return await sql.begin('isolation level repeatable read read only', async (tx) => {
      // The first question fixes what all others see.
      const [moment] = await tx<{ at: Date; version: string }[]>`
        select clock_timestamp() as at, current_setting('server_version') as version`;
      const names = new Map(ownedSchemas.map(({ schema }) => [schemaName(namespace, schema), schema]));
      const present = await existingSchemas(tx, [...names.keys()]);
      if (present.length === 0) {
        const text = `the database has nothing of the namespace ${namespace}`;
        throw new BackupFault('NOTHING_TO_BACK_UP', text, 'check POSTGRES_URL and SCALPSTORM_NAMESPACE');
      }
      const schemas: SchemaEntry[] = [];
      for (const name of present) schemas.push(await copySchema(tx, folder, { name, schema: names.get(name) ?? name }));
      const needs = await sealedIn(tx, namespace, present);
      return { takenAt: (moment?.at ?? new Date()).toISOString(), postgres: moment?.version ?? '', schemas, needs };
    });
  } finally {
    await sql.end();
  }
}

async function copySchema(
  tx: postgres.TransactionSql,
  folder: string,
  { name, schema }: { readonly name: string; readonly schema: string },
): Promise<SchemaEntry> {
  const tables: TableEntry[] = [];
  for (const table of await tablesOf(tx, name)) {
    const columns = table.columns.map(quoted).join(', ');
    const rows = await tx.unsafe(`copy ${placeOf(name, table.name)} (${columns}) to stdout`).readable();
    const { lines, ...stored } = await storeFile(folder, `${schema}.${table.name}.copy.gz`, rows);
    tables.push({ name: table.name, columns: [...table.columns], rows: lines, ...stored });
  }
  const { store, own } = await migrationsIn(tx, name);
  return {
    schema,
    migrations: { store: [...store], own: [...own] },
    tables,
    sequences: [...(await sequencesOf(tx, name))],
  };
}

async function copyStreams(folder: string, bus: NatsAddress, untilMs: number): Promise<Manifest['streams']> {
  const streams: Manifest['streams'] = [];
  for (const { stream, backMs } of carriedStreams) {
    const span = { stream, sinceMs: backMs === null ? null : untilMs - backMs, untilMs };
    const { lines, ...stored } = await storeFile(folder, `stream.${stream}.ndjson.gz`, linesOf(bus, span));
    streams.push({ name: stream, messages: lines, ...stored });
  }
  return streams;
}

function linesOf(
  bus: NatsAddress,
  span: { readonly stream: StreamName; readonly sinceMs: number | null; readonly untilMs: number },
): Readable {
  const lines = new Readable({ read: () => undefined });
  readStream(bus, span, async (message) => void lines.push(lineOf(message))).then(
    () => lines.push(null),
    (error: Error) => lines.destroy(error),
  );
  return lines;
}

const lineOf = ({ subject, headers, data }: CarriedMessage): string =>
  `${JSON.stringify({ subject, headers, data: Buffer.from(data).toString('base64') })}\n`;

/** For back-ups that follow one another in one folder. */
export const datedFolder = (parent: string, now: Date): string =>
  join(parent, now.toISOString().replaceAll(/[:.]/g, '-'));
