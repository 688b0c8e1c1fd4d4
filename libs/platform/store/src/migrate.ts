import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Log } from '@scalpstorm/observability';
import postgres from 'postgres';
import { isConnectionFailure, SchemaNewer } from './errors.js';

/** The service's schema in this installation: `migrations` and contract views of others are found by it too. */
export function schemaName(namespace: string, schema: string): string {
  return `${namespace}_${schema}`.replaceAll('-', '_');
}

export interface MigrationOptions {
  readonly url: string;
  readonly schema: string;
  /** A folder with `NNN_name.sql` files, as a path or a `file:` URL. A file that has run anywhere is never changed again. */
  readonly folder: string;
  readonly log: Log;
  /** What to do about a schema that a later version has migrated; default: refuse. */
  readonly newer?: 'refuse' | 'accept';
}

const ownFolder = fileURLToPath(new URL('../migrations', import.meta.url));
const fileName = /^(\d{3})_[a-z0-9_]+\.sql$/;
const connectAttemptsMax = 10;
const connectDelayMs = 1_000;
const connectSeconds = 10;
const lockWaitMs = 60_000;

const tables = { store: 'platform_migrations', own: 'migrations' } as const;

/**
 * Brings the schema up to date: first the store's own tables, then the service's. Does nothing when it is.
 * @throws SchemaNewer before anything is changed, when a later version has been here
 */
export async function migrate({ url, schema, folder, log, newer = 'refuse' }: MigrationOptions): Promise<void> {
  const path = pathOf(folder);
  checkNames(path);
  const isComplete = await whenReachable(async () => {
    const applied = await appliedIn(url, schema);
    const unknown = unknownMigrations(path, applied);
    if (unknown.length > 0 && newer === 'refuse') throw new SchemaNewer(schema, unknown);
    if (unknown.length > 0)
      log.warn({ schema, unknown }, 'a later version has migrated these tables, and SCHEMA_NEWER=accept runs on them');
    return hasAll(ownFolder, applied.store) && hasAll(path, applied.own);
  }, log);
  // At every start but the first: nothing is locked, and what migrates is not even loaded.
  if (isComplete) return;
  const run = (dir: string, migrationsTable: string) => runFolder({ url, schema, dir, migrationsTable, log });
  await whenReachable(() => run(ownFolder, tables.store), log);
  await run(path, tables.own);
}

/** What a schema has had; nothing where there is none yet. */
async function appliedIn(url: string, schema: string): Promise<AppliedMigrations> {
  const sql = postgres(url, { max: 1, connect_timeout: connectSeconds, onnotice: () => undefined });
  try {
    const names = async (table: string) => {
      const place = `"${schema}"."${table}"`;
      const [found] = await sql<{ there: boolean }[]>`select to_regclass(${place}) is not null as there`;
      if (found?.there !== true) return [];
      const rows = await sql.unsafe<{ name: string }[]>(`select name from ${place} order by id`);
      return rows.map(({ name }) => name);
    };
    return { store: await names(tables.store), own: await names(tables.own) };
  } finally {
    await sql.end({ timeout: connectSeconds });
  }
}

/** What a schema has had, by the names of the files without their ending, in their order. */
export interface AppliedMigrations {
  /** The store's own. */
  readonly store: readonly string[];
  /** The service's. */
  readonly own: readonly string[];
}

/** Those of them that this version does not have: a later one made the schema. */
export function unknownMigrations(folder: string, { store, own }: AppliedMigrations): readonly string[] {
  const absentFrom = (path: string, names: readonly string[]) =>
    names.filter((name) => !existsSync(join(path, `${name}.sql`)));
  return [...absentFrom(ownFolder, store), ...absentFrom(pathOf(folder), own)];
}

/** Makes a schema what another one was after exactly these migrations; the service that owns it brings it up to date when it starts. */
export async function migrateTo(
  { url, schema, folder, log }: MigrationOptions,
  applied: AppliedMigrations,
): Promise<void> {
  const chosen = mkdtempSync(join(tmpdir(), 'scalpstorm-migrations-'));
  const run = async (from: string, names: readonly string[], migrationsTable: string) => {
    const dir = mkdtempSync(join(chosen, 'some-'));
    for (const name of names) copyFileSync(join(from, `${name}.sql`), join(dir, `${name}.sql`));
    await runFolder({ url, schema, dir, migrationsTable, log });
  };
  try {
    await run(ownFolder, applied.store, tables.store);
    await run(pathOf(folder), applied.own, tables.own);
  } finally {
    rmSync(chosen, { recursive: true, force: true });
  }
}

const pathOf = (folder: string): string => (folder.startsWith('file:') ? fileURLToPath(folder) : folder);

const filesOf = (folder: string): readonly string[] => readdirSync(folder).filter((entry) => !entry.startsWith('.'));

const hasAll = (folder: string, applied: readonly string[]): boolean =>
  filesOf(folder).every((file) => applied.includes(basename(file, '.sql')));

/** node-pg-migrate sorts by the number in front and takes any file for a migration, so both are checked here. */
function checkNames(folder: string): void {
  const seen = new Map<string, string>();
  for (const name of filesOf(folder)) {
    const number = fileName.exec(name)?.[1];
    if (number === undefined) throw new Error(`${folder}/${name} is not named NNN_name.sql`);
    const other = seen.get(number);
    if (other !== undefined) throw new Error(`${folder} has two migrations ${number}: ${other} and ${name}`);
    seen.set(number, name);
  }
}

async function runFolder(options: {
  url: string;
  schema: string;
  dir: string;
  migrationsTable: string;
  log: Log;
}): Promise<void> {
  const { url, schema, dir, migrationsTable, log } = options;
  const say = (text: string) => log.debug({ schema, migrationsTable }, text);
  const { runner } = await import('node-pg-migrate');
  const applied = await runner({
    databaseUrl: { connectionString: asLibpq(url), application_name: `${schema}_migrations`, lock_timeout: lockWaitMs },
    dir,
    direction: 'up',
    schema,
    createSchema: true,
    migrationsTable,
    checkOrder: true,
    singleTransaction: true,
    lockValue: lockValueOf(schema),
    // Services that start at the same moment take turns; the second finds nothing left to do.
    advisoryLockMode: 'wait',
    logger: { debug: say, info: say, warn: say, error: (text: string) => log.error({ schema }, text) },
  });
  for (const { name } of applied) log.info({ schema, migration: name }, 'migrated');
}

/** The runner's driver takes `require` for `verify-full`, other than libpq and the services' own connections, unless it is told. */
function asLibpq(text: string): string {
  const url = new URL(text);
  if (['prefer', 'require'].includes(url.searchParams.get('sslmode') ?? ''))
    url.searchParams.set('uselibpqcompat', 'true');
  return url.href;
}

async function whenReachable<T>(work: () => Promise<T>, log: Log): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= connectAttemptsMax || !isUnreachable(error)) throw error;
      log.warn({ attempt, error }, 'Postgres does not answer yet');
      await delay(connectDelayMs);
    }
  }
}

/** A wrong password, and a user that the server does not know or let in: waiting mends neither. */
const refusals: readonly unknown[] = ['28P01', '28000'];

/** The migration runner's driver reports what the server says under the same codes, but as another class. */
function isUnreachable(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  if (refusals.includes(code)) return false;
  return isConnectionFailure(error) || code === '57P03' || code === '53300';
}

/** 48 bits of the schema's name, so that different schemas never wait for one another. */
export function lockValueOf(schema: string): number {
  return createHash('sha256').update(`scalpstorm-migrations:${schema}`).digest().readUIntBE(0, 6);
}
