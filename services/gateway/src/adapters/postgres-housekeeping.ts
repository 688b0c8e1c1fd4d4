import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { AuditTrail, Store } from '@scalpstorm/store';

/** What was sealed for ten minutes is gone a minute later. */
const everyMs = 60_000;
const batchMax = 5_000;
const idempotencyKept = '24 hours';
const activityKept = '90 days';
const auditKept = '400 days';

/** Keeps the tables bounded: forgets answers after a day, secrets in them after ten minutes, tokens after their end, the log and the steps of orders after a quarter, and the audit with what was found in it after 400 days. */
@Injectable()
export class PostgresHousekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: Store,
    private readonly audit: AuditTrail,
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
    await this.audit.tidy();
    await sql`
      DELETE FROM idempotency_keys WHERE ctid IN (
        SELECT ctid FROM idempotency_keys WHERE created_at < now() - ${idempotencyKept}::interval LIMIT ${batchMax})`;
    await sql`
      UPDATE idempotency_keys SET sealed = NULL WHERE ctid IN (
        SELECT ctid FROM idempotency_keys WHERE sealed IS NOT NULL AND sealed_until < now() LIMIT ${batchMax})`;
    await sql`
      DELETE FROM refresh_tokens WHERE ctid IN (
        SELECT ctid FROM refresh_tokens WHERE expires_at < extract(epoch FROM now()) * 1000000 LIMIT ${batchMax})`;
    await sql`
      DELETE FROM activity WHERE ctid IN (
        SELECT ctid FROM activity WHERE recorded_at < now() - ${activityKept}::interval LIMIT ${batchMax})`;
    await sql`
      DELETE FROM order_events WHERE ctid IN (
        SELECT ctid FROM order_events WHERE recorded_at < now() - ${activityKept}::interval LIMIT ${batchMax})`;
    await sql`
      DELETE FROM anomalies WHERE ctid IN (
        SELECT ctid FROM anomalies WHERE found_at < extract(epoch FROM now() - ${auditKept}::interval) * 1000000 LIMIT ${batchMax})`;
    await sql`
      DELETE FROM api_key_places WHERE ctid IN (
        SELECT ctid FROM api_key_places
         WHERE last_used_at < extract(epoch FROM now() - ${auditKept}::interval) * 1000000 LIMIT ${batchMax})`;
  }
}
