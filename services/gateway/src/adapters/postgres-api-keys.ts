import { Injectable } from '@nestjs/common';
import { second, Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { AuditTrail, Store } from '@scalpstorm/store';
import type { AuditFact } from '../domain/audit-fact.js';
import { type Listing, listingOf, type Page } from '../domain/cursor.js';
import type { ApiKeyScope, Role } from '../domain/principal.js';
import { type ApiKeyRecord, ApiKeyStore, type FoundApiKey } from '../ports/api-key-store.js';

interface KeyRow {
  readonly id: string;
  readonly sequence: bigint;
  readonly user_id: string;
  readonly label: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly allowed_addresses: readonly string[];
  readonly created_at: bigint;
  readonly expires_at: bigint | null;
  readonly last_used_at: bigint | null;
  readonly revoked_at: bigint | null;
}

const usedEvery = 60 * second;

/** Keys in Postgres. */
@Injectable()
export class PostgresApiKeys extends ApiKeyStore {
  constructor(
    private readonly store: Store,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  async add(key: ApiKeyRecord, hash: string, fact: AuditFact): Promise<void> {
    await this.store.transaction(async (tx) => {
      await tx`
        INSERT INTO api_keys (id, user_id, label, hash, scopes, allowed_addresses, created_at, expires_at)
        VALUES (${key.id}, ${key.userId}, ${key.label}, ${hash}, ${[...key.scopes]}, ${[...key.allowedAddresses]},
                ${key.createdAt}, ${key.expiresAt})`;
      await this.audit.append(tx, fact);
    });
  }

  async list(userId: UserId, page: Page): Promise<Listing<ApiKeyRecord>> {
    const { sql } = this.store;
    const rows = await sql<KeyRow[]>`
      SELECT * FROM api_keys WHERE user_id = ${userId}
      ${page.before === null ? sql`` : sql`AND sequence < ${page.before}`}
      ORDER BY sequence DESC LIMIT ${page.limit + 1}`;
    const views = rows.map((row) => ({ sequence: row.sequence, view: recordOf(row) }));
    return listingOf(views, page.limit);
  }

  async count(userId: UserId, now: Timestamp): Promise<number> {
    const rows = await this.store.sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM api_keys
      WHERE user_id = ${userId} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now})`;
    return rows[0]?.count ?? 0;
  }

  async revoke({ userId, id }: Pick<ApiKeyRecord, 'userId' | 'id'>, now: Timestamp, fact: AuditFact): Promise<boolean> {
    return this.store.transaction(async (tx) => {
      const { count } = await tx`
        UPDATE api_keys SET revoked_at = ${now} WHERE id = ${id} AND user_id = ${userId} AND revoked_at IS NULL`;
      if (count === 1) await this.audit.append(tx, fact);
      return count === 1;
    });
  }

  find(hash: string): Promise<FoundApiKey | null> {
    return this.#found(hash, 'hash');
  }

  findById(id: string): Promise<FoundApiKey | null> {
    return this.#found(id, 'id');
  }

  async used(id: string, now: Timestamp): Promise<void> {
    await this.store.sql`
      UPDATE api_keys SET last_used_at = ${now}
      WHERE id = ${id} AND (last_used_at IS NULL OR last_used_at < ${now - usedEvery})`;
  }

  async #found(value: string, column: 'id' | 'hash'): Promise<FoundApiKey | null> {
    const { sql } = this.store;
    const rows = await sql<(KeyRow & { role: Role })[]>`
      SELECT k.*, u.role FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.${sql(column)} = ${value} AND NOT u.disabled`;
    return rows[0] ? { ...recordOf(rows[0]), role: rows[0].role } : null;
  }
}

const time = (micros: bigint | null): Timestamp | null =>
  micros === null ? null : Timestamp.fromMicros(Number(micros));

const recordOf = (row: KeyRow): ApiKeyRecord => ({
  id: row.id,
  userId: UserId.of(row.user_id),
  label: row.label,
  scopes: row.scopes,
  allowedAddresses: row.allowed_addresses,
  createdAt: Timestamp.fromMicros(Number(row.created_at)),
  expiresAt: time(row.expires_at),
  lastUsedAt: time(row.last_used_at),
  revokedAt: time(row.revoked_at),
});
