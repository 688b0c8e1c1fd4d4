import { Injectable } from '@nestjs/common';
import { Store } from '@scalpstorm/store';
import type postgres from 'postgres';
import { type Claim, IdempotencyLedger, type KeptAnswer, type KeyedRequest } from '../ports/idempotency-ledger.js';

/** Longer than any handler runs; after it a repeat may take over from a gateway that died in between. */
const busyFor = '60 seconds';
/** A user who sends more keys in a day loses the oldest ones. */
const keysPerUserMax = 10_000;
/** Counting costs, so only about one claim in this many does it. */
const trimEvery = 500;

interface KeyRow {
  readonly request_hash: string;
  readonly status: number | null;
  readonly body: unknown;
  readonly busy: boolean;
}

/** Idempotency keys in Postgres: one row a user and key; who inserts it first runs. */
@Injectable()
export class PostgresIdempotencyLedger extends IdempotencyLedger {
  #claims = 0;

  constructor(private readonly store: Store) {
    super();
  }

  async claim(request: KeyedRequest): Promise<Claim> {
    const { userId, key, requestHash } = request;
    this.#claims += 1;
    if (this.#claims % trimEvery === 0) await this.#trim(request);
    return this.store.transaction(async (tx): Promise<Claim> => {
      const inserted = await tx`
        INSERT INTO idempotency_keys (user_id, key, request_hash, busy_until)
        VALUES (${userId}, ${key}, ${requestHash}, now() + ${busyFor}::interval) ON CONFLICT DO NOTHING`;
      if (inserted.count === 1) return { kind: 'claimed' };
      const rows = await tx<KeyRow[]>`
        SELECT request_hash, status, body, busy_until > now() AS busy FROM idempotency_keys
        WHERE user_id = ${userId} AND key = ${key} FOR UPDATE`;
      const row = rows[0];
      if (!row) return { kind: 'busy' };
      if (row.request_hash !== requestHash) return { kind: 'reused' };
      if (row.status !== null) return { kind: 'answered', answer: { status: row.status, body: row.body } };
      if (row.busy) return { kind: 'busy' };
      await tx`
        UPDATE idempotency_keys SET busy_until = now() + ${busyFor}::interval
        WHERE user_id = ${userId} AND key = ${key}`;
      return { kind: 'claimed' };
    });
  }

  async keep({ userId, key }: KeyedRequest, answer: KeptAnswer): Promise<void> {
    const { sql } = this.store;
    await sql`
      UPDATE idempotency_keys
      SET status = ${answer.status}, body = ${sql.json((answer.body ?? null) as postgres.JSONValue)}
      WHERE user_id = ${userId} AND key = ${key}`;
  }

  async forget({ userId, key }: KeyedRequest): Promise<void> {
    await this.store.sql`DELETE FROM idempotency_keys WHERE user_id = ${userId} AND key = ${key}`;
  }

  async release({ userId, key }: KeyedRequest): Promise<void> {
    await this.store.sql`UPDATE idempotency_keys SET busy_until = now() WHERE user_id = ${userId} AND key = ${key}`;
  }

  async #trim({ userId }: KeyedRequest): Promise<void> {
    await this.store.sql`
      DELETE FROM idempotency_keys WHERE (user_id, key) IN (
        SELECT user_id, key FROM idempotency_keys WHERE user_id = ${userId}
        ORDER BY created_at DESC OFFSET ${keysPerUserMax})`;
  }
}
