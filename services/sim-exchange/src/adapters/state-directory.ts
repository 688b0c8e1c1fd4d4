import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StateError } from '../domain/journal.js';
import { applicationId, schema, schemaVersion, upgrades } from './sqlite-schema.js';

const fileName = 'exchange.sqlite';
const lockName = 'lock';
/** What SQLite calls it: another process holds the file; it is none of SQLite's; its pages are broken. */
const sqliteCodes = { busy: 5, corrupt: 11, notADatabase: 26 };

export interface StateDirectory {
  readonly database: DatabaseSync;
  close(): void;
}

/**
 * Opens `exchange.sqlite` of a directory for this process alone, and makes it where there is none. The lock is one of the
 * kernel's: it goes with the process, however that ends. Throws {@link StateError}.
 */
export function openStateDirectory(path: string, options: { readonly reset: boolean }): StateDirectory {
  const lock = lockDirectory(path);
  try {
    const file = join(path, fileName);
    if (options.reset) for (const end of ['', '-wal', '-shm', '.new']) rmSync(`${file}${end}`, { force: true });
    if (!existsSync(file)) createFile(file);
    const database = openFile(file);
    return {
      database,
      close: () => {
        database.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw readableError(error, path);
  }
}

function lockDirectory(path: string): DatabaseSync {
  try {
    // One level: in a file system that takes no directories, making the levels above never ends.
    if (!existsSync(path)) mkdirSync(path);
    const lock = new DatabaseSync(join(path, lockName), { timeout: 0 });
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    if (errorCode(error) === sqliteCodes.busy) {
      const text = `--state ${path} is used by another exchange that runs; end that one, or give this one its own directory`;
      throw new StateError('SIM_STATE_IN_USE', text, { cause: error });
    }
    throw readableError(error, path);
  }
}

/** Under another name until it is whole: a file that is there is never half made. */
function createFile(file: string): void {
  if (existsSync(`${file}-wal`)) throw damaged(file, 'its log is there without it');
  rmSync(`${file}.new`, { force: true });
  const database = new DatabaseSync(`${file}.new`);
  database.exec(`BEGIN; ${schema} COMMIT`);
  database.close();
  renameSync(`${file}.new`, file);
}

function openFile(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // First of all: it spares the index in shared memory, which only others would need.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    const isOurs = pragma(database, 'application_id') === applicationId;
    if (!isOurs) throw damaged(file, 'it is not a state of this program');
    const version = pragma(database, 'user_version');
    const upgrade = upgrades.get(version);
    if (version !== schemaVersion && upgrade === undefined) {
      const text = `${file} is of version ${version}, this program reads version ${schemaVersion}; start with --reset to begin anew, or use another --state`;
      throw new StateError('SIM_STATE_OTHER_VERSION', text);
    }
    // NORMAL survives the end of the process at any moment; only a power cut may lose the last writes, never the file.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    const check = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (check !== 'ok') throw damaged(file, String(check));
    if (upgrade !== undefined) database.exec(`BEGIN; ${upgrade} COMMIT`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

export function damaged(what: string, why: string, cause?: unknown): StateError {
  const text = `${what} is damaged (${why}); put a good copy in its place, or start with --reset to begin anew`;
  return new StateError('SIM_STATE_DAMAGED', text, { cause });
}

/** SQLite's number, else the system's word. */
export function errorCode(error: unknown): number | string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { errcode, code } = error as { readonly errcode?: number; readonly code?: string };
  return errcode ?? code ?? null;
}

function readableError(error: unknown, path: string): StateError {
  if (error instanceof StateError) return error;
  const code = errorCode(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === sqliteCodes.corrupt || code === sqliteCodes.notADatabase) return damaged(`--state ${path}`, text, error);
  const words = `--state ${path} cannot be used (${text}); give a directory that this user may write to`;
  return new StateError('SIM_STATE_NOT_ACCESSIBLE', words, { cause: error });
}
