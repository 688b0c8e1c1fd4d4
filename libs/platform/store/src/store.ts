import type { Sql, Transaction } from './session.js';

/** The one schema of this service in Postgres. */
export abstract class Store {
  /** Full name, e.g. `scalpstorm_execution`; it is the search path of every connection, so tables are named without it. */
  abstract readonly schema: string;
  /** Plain queries, each for itself. BIGINT is `bigint`, NUMERIC an exact decimal text. Never keep a transaction here. */
  abstract readonly sql: Sql;
  /**
   * Durable when it resolves. The work is run again from its beginning, a bounded number of times, when the server reports a conflict
   * (40001, 40P01) or the connection was lost before COMMIT was sent: it must keep its effects inside `tx`.
   * @throws CommitUnknown when the connection was lost while committing; never retried
   * @throws StoreUnavailable StoreBusy nothing happened
   */
  abstract transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * One statement, which is a transaction by itself: durable when it resolves, after one round trip where BEGIN, statement and COMMIT
   * take three. Run again, a bounded number of times, when the server reports a conflict or the connection failed before it was sent.
   * @throws CommitUnknown when the connection was lost after it had been sent; never retried
   * @throws StoreUnavailable StoreBusy nothing happened
   */
  abstract statement<T>(run: (sql: Sql) => Promise<T>): Promise<T>;
  /** Called once after the transaction has committed, at most once, and not at all if the process dies: only for wake-ups. */
  abstract afterCommit(tx: Transaction, callback: () => void): void;
  /** Throws when the database cannot be reached or does not take writes. */
  abstract healthy(): Promise<void>;
  abstract close(): Promise<void>;
}
