import { hostname } from 'node:os';
import { BrokenInvariant } from '@scalpstorm/kernel';
import type { Store } from '@scalpstorm/store';
import { DutyLease } from '../ports/duty-lease.js';

const leaseMs = 4_000;
const renewEveryMs = 1_000;

export interface DutyLeaseOptions {
  /** Another has it: what this process remembers is not kept up any more. Ends the process by default. */
  readonly onLost?: (cause: Error) => void;
}

/**
 * The lease in the schema of notifications, by the clock of Postgres. Nothing is sent without a claim in the same database, so a
 * holder that has lost touch with it cannot say anything twice, however late it learns of that.
 */
export class PostgresDutyLease extends DutyLease {
  private readonly me = `${hostname()}/${process.pid}`;
  private readonly onLost: (cause: Error) => void;
  private token: string | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: Store,
    { onLost = stopAtOnce }: DutyLeaseOptions = {},
  ) {
    super();
    this.onLost = onLost;
  }

  async take(): Promise<string | null> {
    const [taken] = await this.store.sql<{ token: bigint }[]>`
      insert into lease (token, holder, expires_at) values (1, ${this.me}, now() + ${`${leaseMs} ms`}::interval)
      on conflict (one) do update
        set token = lease.token + 1, holder = excluded.holder, expires_at = excluded.expires_at
        where lease.expires_at <= now()
      returning token`;
    if (taken === undefined) {
      const [held] = await this.store.sql<{ holder: string }[]>`select holder from lease`;
      return held?.holder ?? 'another';
    }
    this.token = String(taken.token);
    this.timer = setInterval(() => void this.renew(), renewEveryMs);
    return null;
  }

  async release(): Promise<void> {
    const { token } = this;
    this.forget();
    if (token !== null) await this.store.sql`update lease set expires_at = now() where token = ${token}::bigint`;
  }

  /** Once a second by itself. */
  async renew(): Promise<void> {
    const { token } = this;
    if (token === null) return;
    try {
      const renewed = await this.store.sql`
        update lease set expires_at = now() + ${`${leaseMs} ms`}::interval where token = ${token}::bigint returning 1`;
      if (renewed.length > 0 || this.token !== token) return;
    } catch {
      // A database that is away, which the store tells: without it nothing is heard or sent, and nobody can take the lease either.
      return;
    }
    this.forget();
    this.onLost(
      new BrokenInvariant('another process is on duty for notifications; this one must read everything anew'),
    );
  }

  private forget(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.token = null;
  }
}

/** Thrown where nobody catches, so that the process ends and says why. */
function stopAtOnce(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
