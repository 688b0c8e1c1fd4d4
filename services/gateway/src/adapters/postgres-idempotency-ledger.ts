import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Store } from '@scalpstorm/store';
import { MasterKeys, Vault, VaultFault } from '@scalpstorm/vault';
import type postgres from 'postgres';
import { GatewaySettings } from '../ports/gateway-settings.js';
import { type Claim, IdempotencyLedger, type KeyedRequest, type SecretAnswer } from '../ports/idempotency-ledger.js';

/** Longer than any handler runs; after it a repeat may take over from a gateway that died in between. */
const busyFor = '60 seconds';
/** Of an answer that holds a secret. */
const sealedFor = '10 minutes';
/** A user who sends more keys in a day loses the oldest ones. */
const keysPerUserMax = 10_000;
/** Counting costs, so only about one claim in this many does it. */
const trimEvery = 500;

interface KeyRow {
  readonly request_hash: string;
  readonly status: number | null;
  readonly body: unknown;
  readonly busy: boolean;
  readonly is_sealed: boolean;
  /** Null: its time is over. */
  readonly sealed: Uint8Array | null;
}

/** Idempotency keys in Postgres: one row a user and key; who inserts it first runs. */
@Injectable()
export class PostgresIdempotencyLedger extends IdempotencyLedger {
  #claims = 0;
  readonly #vault: Vault;

  constructor(
    private readonly store: Store,
    settings: GatewaySettings,
  ) {
    super();
    this.#vault = new Vault(MasterKeys.parse(masterKeyFrom(settings.signingSecret)));
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
        SELECT request_hash, status, body, busy_until > now() AS busy, sealed_until IS NOT NULL AS is_sealed,
          CASE WHEN sealed_until > now() THEN sealed END AS sealed
        FROM idempotency_keys WHERE user_id = ${userId} AND key = ${key} FOR UPDATE`;
      const row = rows[0];
      if (!row) return { kind: 'busy' };
      if (row.request_hash !== requestHash) return { kind: 'reused' };
      if (row.status !== null) return this.#answered(request, row.status, row);
      if (row.busy) return { kind: 'busy' };
      await tx`
        UPDATE idempotency_keys SET busy_until = now() + ${busyFor}::interval
        WHERE user_id = ${userId} AND key = ${key}`;
      return { kind: 'claimed' };
    });
  }

  async keep(request: KeyedRequest, { status, body, isSecret }: SecretAnswer): Promise<void> {
    const { userId, key } = request;
    const { sql } = this.store;
    if (isSecret) {
      const sealed = this.#vault.seal(JSON.stringify(body ?? null), ownerOf(request));
      await sql`
        UPDATE idempotency_keys
        SET status = ${status}, sealed = ${sealed}, sealed_until = now() + ${sealedFor}::interval
        WHERE user_id = ${userId} AND key = ${key}`;
      return;
    }
    await sql`
      UPDATE idempotency_keys SET status = ${status}, body = ${sql.json((body ?? null) as postgres.JSONValue)}
      WHERE user_id = ${userId} AND key = ${key}`;
  }

  async forget({ userId, key }: KeyedRequest): Promise<void> {
    await this.store.sql`DELETE FROM idempotency_keys WHERE user_id = ${userId} AND key = ${key}`;
  }

  async release({ userId, key }: KeyedRequest): Promise<void> {
    await this.store.sql`UPDATE idempotency_keys SET busy_until = now() WHERE user_id = ${userId} AND key = ${key}`;
  }

  #answered(request: KeyedRequest, status: number, { body, sealed, is_sealed: isSealed }: KeyRow): Claim {
    if (!isSealed) return { kind: 'answered', answer: { status, body } };
    if (sealed === null) return { kind: 'gone' };
    try {
      const opened: unknown = JSON.parse(this.#vault.open(sealed, ownerOf(request)));
      return { kind: 'answered', answer: { status, body: opened } };
    } catch (error) {
      // The secret of this gateway was changed since: nobody can open it any more.
      if (error instanceof VaultFault) return { kind: 'gone' };
      throw error;
    }
  }

  async #trim({ userId }: KeyedRequest): Promise<void> {
    await this.store.sql`
      DELETE FROM idempotency_keys WHERE (user_id, key) IN (
        SELECT user_id, key FROM idempotency_keys WHERE user_id = ${userId}
        ORDER BY created_at DESC OFFSET ${keysPerUserMax})`;
  }
}

const ownerOf = ({ userId, key, requestHash }: KeyedRequest): string => `answer:${userId}:${requestHash}:${key}`;

/** A key of its own, so that nothing sealed here has to do with the tokens that the same secret signs. */
const masterKeyFrom = (signingSecret: string): string =>
  Buffer.from(hkdfSync('sha256', signingSecret, '', 'scalpstorm gateway kept answers', 32)).toString('hex');
