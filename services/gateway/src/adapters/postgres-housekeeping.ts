import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { Store } from '@scalpstorm/store';

const everyMs = 600_000;
const batchMax = 5_000;
const idempotencyKept = '24 hours';
const activityKept = '90 days';

/** Keeps the tables bounded: forgets answers after a day, tokens after their end and the log and the steps of orders after a quarter. */
@Injectable()
export class PostgresHousekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: Store,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const tidy = () => {
      this.tidy().catch((error: unknown) =>
        this.log.warn({ error }, 'old rows could not be removed; tried again later'),
      );
    };
    this.#timer = setInterval(tidy, everyMs);
    tidy();
  }

  beforeApplicationShutdown(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** At most one batch a table; the rest is for the next time. */
  async tidy(): Promise<void> {
    const { sql } = this.store;
    await sql`
      DELETE FROM idempotency_keys WHERE ctid IN (
        SELECT ctid FROM idempotency_keys WHERE created_at < now() - ${idempotencyKept}::interval LIMIT ${batchMax})`;
    await sql`
      DELETE FROM refresh_tokens WHERE ctid IN (
        SELECT ctid FROM refresh_tokens WHERE expires_at < extract(epoch FROM now()) * 1000000 LIMIT ${batchMax})`;
    await sql`
      DELETE FROM activity WHERE ctid IN (
        SELECT ctid FROM activity WHERE recorded_at < now() - ${activityKept}::interval LIMIT ${batchMax})`;
    await sql`
      DELETE FROM order_events WHERE ctid IN (
        SELECT ctid FROM order_events WHERE recorded_at < now() - ${activityKept}::interval LIMIT ${batchMax})`;
  }
}
