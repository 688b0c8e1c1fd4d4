import type net from 'node:net';
import postgres from 'postgres';
import { ConnectionLost } from './errors.js';
import { openSocket } from './session-socket.js';

/** BIGINT comes and goes as `bigint`, NUMERIC as an exact decimal text, BYTEA as `Buffer`, TIMESTAMPTZ as `Date`, JSONB as parsed JSON. */
export type Sql = postgres.Sql<{ bigint: bigint }>;
/** The same inside a transaction; it refuses every use after the transaction has ended. */
export type Transaction = postgres.TransactionSql<{ bigint: bigint }>;
/** A part of a query, made like one and never run by itself. */
export type SqlPart = postgres.PendingQuery<postgres.Row[]>;

export interface SessionSettings {
  readonly url: string;
  readonly schema: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly onNotice: (text: string) => void;
}

/** Cuts off what hangs: a statement, a wait for a lock, a transaction whose client went quiet. */
const serverTimeoutsMs = {
  statement_timeout: 60_000,
  lock_timeout: 15_000,
  idle_in_transaction_session_timeout: 60_000,
};

/** What every connection has in common, in a session or in the pool for plain queries. */
export function clientOptions({ schema, applicationName, onNotice }: SessionSettings) {
  return {
    types: { bigint: postgres.BigInt },
    connection: { application_name: applicationName, search_path: schema, TimeZone: 'UTC', ...serverTimeoutsMs },
    onnotice: (notice: postgres.Notice) => onNotice(String(notice['message'])),
    max_lifetime: null,
    connect_timeout: 10,
  };
}

/** The X message: a client that says goodbye. */
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

/**
 * One connection for one transaction at a time, which never reconnects.
 *
 * postgres.js 3.4 re-opens a lost connection under the same object, and after that a late statement of the lost transaction runs on
 * the new connection, outside of any transaction; its own ROLLBACK to a closed connection ends the process (porsager/postgres #1155,
 * #1208). So a session has its own client with exactly one socket, knows first when that socket ends, and is thrown away with it.
 */
export class Session {
  private alive = true;
  private greeted = false;
  /** Rejects when the connection is gone. */
  readonly lost: Promise<never>;

  static async open(settings: SessionSettings): Promise<Session> {
    const socket = await openSocket(new URL(settings.url));
    return new Session(settings, socket);
  }

  readonly sql: Sql;

  private constructor(
    settings: SessionSettings,
    private readonly socket: net.Socket,
  ) {
    let reject: (error: Error) => void = () => undefined;
    this.lost = new Promise<never>((_, rejectLost) => {
      reject = rejectLost;
    });
    // Somebody may be waiting for it or not; nobody has to.
    this.lost.catch(() => undefined);
    const end = (cause?: Error) => {
      if (!this.alive) return;
      this.alive = false;
      reject(new ConnectionLost('the connection to Postgres was lost', { cause }));
      // Rejects what is in flight or queued and makes the client refuse everything else.
      void this.sql.end({ timeout: 0 });
    };
    // Registered before the client's own listeners, so that nothing the client does then is done unknowingly.
    socket
      .on('error', end)
      .on('end', () => end())
      .on('close', () => end());
    this.sql = postgres(settings.url, {
      ...clientOptions(settings),
      max: 1,
      ssl: false,
      socket: onlyOnce(socket),
    } as object) as Sql;
  }

  get isAlive(): boolean {
    return this.alive;
  }

  /** After it a failure can not come from the log-in any more. @throws ConnectionLost */
  async greet(): Promise<void> {
    if (this.greeted) return;
    try {
      await Promise.race([this.sql.unsafe('select 1'), this.lost]);
    } catch (cause) {
      this.discard();
      throw cause instanceof ConnectionLost ? cause : new ConnectionLost('Postgres took no log-in', { cause });
    }
    this.greeted = true;
  }

  /** Ends it without waiting for anything: the server rolls back what was open. */
  discard(): void {
    this.socket.destroy(new ConnectionLost('the session was discarded'));
  }

  close(): void {
    if (this.alive) this.socket.end(terminate);
  }
}

function onlyOnce(socket: net.Socket): () => net.Socket {
  let taken = false;
  return () => {
    if (taken) throw new ConnectionLost('a session does not reconnect');
    taken = true;
    return socket;
  };
}
