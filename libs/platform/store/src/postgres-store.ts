import { setTimeout as delay } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Log, Metrics } from '@scalpstorm/observability';
import postgres from 'postgres';
import { CommitUnknown, ConnectionLost, isConflict, isConnectionFailure, StoreUnavailable } from './errors.js';
import { clientOptions, type SessionSettings, type Sql, type Transaction } from './session.js';
import { SessionPool } from './session-pool.js';
import { Store } from './store.js';
import { type StoreMetrics, storeMetrics } from './store-metrics.js';
import { timedSql } from './timed-sql.js';
import { runStatement, runTransaction } from './transaction.js';

export interface PostgresStoreOptions {
  readonly url: string;
  readonly schema: string;
  /** All connections of this service together, at least 2. */
  readonly connectionsMax: number;
  readonly log: Log;
  readonly metrics: Metrics;
}

const attemptsMax = 6;
const backoffFirstMs = 10;
const backoffMaxMs = 1_000;
const closeSeconds = 2;

export class PostgresStore extends Store implements OnApplicationShutdown {
  readonly schema: string;
  readonly sql: Sql;
  private readonly plain: Sql;
  private readonly sessions: SessionPool;
  private readonly metrics: StoreMetrics;
  private readonly log: Log;
  private readonly callbacks = new WeakMap<Transaction, (() => void)[]>();

  constructor({ url, schema, connectionsMax, log, metrics }: PostgresStoreOptions) {
    super();
    this.schema = schema;
    this.log = log;
    const settings: SessionSettings = {
      url,
      schema,
      applicationName: schema,
      onNotice: (text) => log.debug({}, `postgres: ${text}`),
    };
    const plainMax = Math.max(1, Math.floor(connectionsMax / 4));
    this.sessions = new SessionPool(settings, Math.max(1, connectionsMax - plainMax));
    this.plain = postgres(url, { ...clientOptions(settings), max: plainMax });
    this.metrics = storeMetrics(metrics, () => this.sessions.use);
    this.sql = timedSql(this.plain, (seconds, outcome) => this.metrics.querySeconds.observe({ outcome }, seconds));
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.repeated(() => this.attempt(work));
  }

  statement<T>(run: (sql: Sql) => Promise<T>): Promise<T> {
    return this.repeated(() => this.sessions.with((session) => runStatement(session, run)));
  }

  private async repeated<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const stop = this.metrics.transactionSeconds.startTimer();
      try {
        const result = await work();
        stop({ outcome: 'committed' });
        return result;
      } catch (error) {
        stop({ outcome: error instanceof CommitUnknown ? 'unknown' : 'rolled-back' });
        const reason = retryReason(error);
        if (reason === null) throw error;
        if (attempt >= attemptsMax) {
          if (reason === 'conflict') throw error;
          throw new StoreUnavailable(`Postgres did not answer in ${attempt} attempts`, { cause: error });
        }
        this.metrics.retries.inc({ reason });
        this.log.debug({ attempt, reason }, 'a transaction is tried again');
        await delay(backoffMs(attempt));
      }
    }
  }

  afterCommit(tx: Transaction, callback: () => void): void {
    this.callbacks.get(tx)?.push(callback);
  }

  async healthy(): Promise<void> {
    const [state] = await this.sql<{ readonly: boolean }[]>`
      select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as readonly`;
    if (state?.readonly !== false) throw new StoreUnavailable('Postgres takes no writes');
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    await Promise.all([this.sessions.close(closeSeconds * 1_000), this.plain.end({ timeout: closeSeconds })]);
  }

  private async attempt<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const callbacks: (() => void)[] = [];
    const result = await this.sessions.with((session) =>
      runTransaction(session, (tx) => {
        this.callbacks.set(tx, callbacks);
        return work(tx);
      }),
    );
    for (const callback of callbacks) callback();
    return result;
  }
}

function retryReason(error: unknown): 'conflict' | 'connection' | null {
  if (error instanceof CommitUnknown) return null;
  if (isConflict(error)) return 'conflict';
  return error instanceof ConnectionLost || isConnectionFailure(error) ? 'connection' : null;
}

/** Doubled every time, half of it by chance, so that two that collided do not collide again. */
function backoffMs(attempt: number): number {
  const full = Math.min(backoffFirstMs * 4 ** (attempt - 1), backoffMaxMs);
  return full / 2 + (Math.random() * full) / 2;
}
