import postgres from 'postgres';

/** Weather: the database could not be reached, or was lost before anything was committed. Nothing happened; ask again later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly code = 'STORE_UNAVAILABLE';
}

/** Weather: too much is waiting for the database already. Nothing happened. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy';
  readonly code = 'STORE_BUSY';
}

/**
 * The connection was lost after COMMIT had been asked for: the work is durable or it is not, and only the database knows. It is never
 * repeated blindly: look whether the work is there (its own key, the inbox), then decide.
 */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown';
  readonly code = 'COMMIT_UNKNOWN';
}

/**
 * This process is not, or not any more, the one writer of its service: nothing of the transaction is committed. Weather for whoever
 * handled a message: the writer that is now will hear it.
 */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  readonly code = 'LEASE_LOST';
  readonly weather = true;
}

/** The connection of a transaction is gone and COMMIT was not asked for, so the server has rolled back. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code = 'CONNECTION_LOST';
}

/** The tables are of a later version than this program, which would read and write them without what they need. Nothing was changed. */
export class SchemaNewer extends Error {
  override readonly name = 'SchemaNewer';
  readonly code = 'SCHEMA_NEWER';
  readonly next =
    'start the version that made them, or restore the back-up from before the upgrade with this version; where the ' +
    'changelog of that version says that this one may run on its tables, set SCHEMA_NEWER=accept (docs/guides/upgrade.md)';

  constructor(schema: string, unknown: readonly string[]) {
    super(`a later version has migrated the schema ${schema}; this one does not know ${unknown.join(', ')}`);
  }
}

/**
 * What passes, as a conflict that lasted through every attempt does, too, or ends this process at once, as the loss of the lease does;
 * anything else is a fault of what was to be written.
 */
export function isStoreWeather(error: unknown): boolean {
  const weather = [StoreUnavailable, StoreBusy, CommitUnknown, LeaseLost];
  return isConflict(error) || weather.some((kind) => error instanceof kind);
}

export function isPostgresError(error: unknown): error is postgres.PostgresError {
  return error instanceof postgres.PostgresError;
}

/** serialization_failure and deadlock_detected: the server rolled back and recommends to try again. */
const conflictCodes: ReadonlySet<string> = new Set(['40001', '40P01']);

export function isConflict(error: unknown): boolean {
  return isPostgresError(error) && conflictCodes.has(error.code);
}

const connectionCodes: ReadonlySet<string> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECTION_LOST',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** SQLSTATE classes 08 (connection), 57P (operator intervention: shutdown, starting up) and 53300 (too many connections). */
const unreachableStates = /^(08|57P0|53300)/;

/** A FATAL answer is the server hanging up; with PANIC all of it goes down, perhaps with the commit already on its disk. */
const lastWords: ReadonlySet<string> = new Set(['FATAL', 'PANIC']);

/** Did the connection, rather than the statement, fail? */
export function isConnectionFailure(error: unknown): boolean {
  if (isPostgresError(error)) return unreachableStates.test(error.code) || lastWords.has(error.severity);
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && connectionCodes.has(code);
}
