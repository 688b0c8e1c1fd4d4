import { CommitUnknown, ConnectionLost, isConnectionFailure, isPostgresError } from './errors.js';
import type { Session, Sql, Transaction } from './session.js';

/**
 * One attempt: BEGIN, the work, COMMIT. Throws
 * - what the work threw, after the rollback;
 * - {@link ConnectionLost} when the connection failed before COMMIT was sent: nothing happened;
 * - {@link CommitUnknown} when it failed after.
 */
export async function runTransaction<T>(session: Session, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const scope = new Scope(session);
  const result = await beforeCommit(session, scope, work);
  let command: string;
  try {
    ({ command } = await session.sql.unsafe('commit'));
  } catch (error) {
    if (isPostgresError(error) && !isConnectionFailure(error)) throw error;
    session.discard();
    throw new CommitUnknown('the connection was lost while committing', { cause: error });
  }
  // The server turns COMMIT into ROLLBACK when a statement had failed, even if the work went on without looking.
  if (command !== 'COMMIT') throw new Error('nothing was committed: a statement had failed and the work ignored it');
  return result;
}

/**
 * One attempt at one statement, which the server commits by itself. Throws
 * - what the server said, when it refused the statement: nothing happened;
 * - {@link ConnectionLost} when the connection failed before the statement was sent: nothing happened;
 * - {@link CommitUnknown} when it failed after.
 */
export async function runStatement<T>(session: Session, run: (sql: Sql) => Promise<T>): Promise<T> {
  await session.greet();
  const running = run(session.sql);
  try {
    return await Promise.race([running, session.lost]);
  } catch (error) {
    if (session.isAlive && !isConnectionFailure(error)) throw error;
    session.discard();
    await Promise.allSettled([running]);
    throw new CommitUnknown('the connection was lost while a statement was running', { cause: error });
  }
}

async function beforeCommit<T>(session: Session, scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
  let running: Promise<T> | undefined;
  try {
    await session.sql.unsafe('begin');
    running = work(scope.transaction);
    const result = await Promise.race([running, session.lost]);
    if (!session.isAlive) throw new ConnectionLost('the connection to Postgres was lost');
    return result;
  } catch (error) {
    scope.end();
    if (!session.isAlive || isConnectionFailure(error)) {
      session.discard();
      // Two attempts at the same work must never run side by side.
      await Promise.allSettled([running]);
      throw error instanceof ConnectionLost
        ? error
        : new ConnectionLost('the connection to Postgres failed', { cause: error });
    }
    await rollBack(session);
    throw error;
  } finally {
    scope.end();
  }
}

async function rollBack(session: Session): Promise<void> {
  try {
    await session.sql.unsafe('rollback');
  } catch {
    // Whatever state it is in, the server rolls back when the connection ends.
    session.discard();
  }
}

/** Hands out the `tx` of one attempt and makes it useless afterwards. */
class Scope {
  private ended = false;
  private savepoints = 0;
  readonly transaction: Transaction;

  constructor(private readonly session: Session) {
    this.transaction = new Proxy(session.sql, {
      apply: (target, self, args) => {
        this.check();
        return Reflect.apply(target as (...given: unknown[]) => unknown, self, args);
      },
      get: (target, name) => {
        this.check();
        if (name === 'savepoint') return (...args: unknown[]) => this.savepoint(args);
        return Reflect.get(target, name);
      },
    }) as unknown as Transaction;
  }

  end(): void {
    this.ended = true;
  }

  private check(): void {
    if (!this.session.isAlive) throw new ConnectionLost('the connection of this transaction was lost');
    if (this.ended) throw new Error('this transaction has ended: a statement of it was not awaited');
  }

  private async savepoint(args: readonly unknown[]): Promise<unknown> {
    const work = args.at(-1) as (tx: Transaction) => Promise<unknown>;
    this.savepoints += 1;
    const name = `savepoint_${this.savepoints}`;
    await this.session.sql.unsafe(`savepoint ${name}`);
    try {
      return await work(this.transaction);
    } catch (error) {
      this.check();
      await this.session.sql.unsafe(`rollback to ${name}`);
      throw error;
    }
  }
}
