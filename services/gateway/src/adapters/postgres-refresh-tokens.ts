import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { Store } from '@scalpstorm/store';
import { RefreshTokens, type Rotation } from '../ports/refresh-tokens.js';

const tokenBytes = 32;
const lifetimeMicros = 30 * 86_400 * 1_000_000;

interface TokenRow {
  readonly family_id: string;
  readonly user_id: string;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly revoked_at: Date | null;
}

/** Refresh tokens in Postgres, hashed: a random token of 256 bits needs no slow hash. */
@Injectable()
export class PostgresRefreshTokens extends RefreshTokens {
  constructor(private readonly store: Store) {
    super();
  }

  async issue(userId: UserId, now: Timestamp): Promise<string> {
    const token = newToken();
    await this.store.sql`
      INSERT INTO refresh_tokens (token_hash, family_id, user_id, expires_at)
      VALUES (${hashOf(token)}, ${randomUUID()}, ${userId}, ${expiryOf(now)})`;
    return token;
  }

  async rotate(refreshToken: string, now: Timestamp): Promise<Rotation> {
    const successor = newToken();
    return this.store.transaction(async (tx): Promise<Rotation> => {
      const rows = await tx<TokenRow[]>`
        SELECT family_id, user_id, expires_at, used_at, revoked_at
        FROM refresh_tokens WHERE token_hash = ${hashOf(refreshToken)} FOR UPDATE`;
      const row = rows[0];
      if (!row || row.revoked_at !== null || row.expires_at <= dateOf(now)) return { kind: 'refused' };
      const userId = UserId.of(row.user_id);
      if (row.used_at !== null) {
        await tx`UPDATE refresh_tokens SET revoked_at = ${dateOf(now)} WHERE family_id = ${row.family_id}`;
        return { kind: 'reused', userId };
      }
      await tx`UPDATE refresh_tokens SET used_at = ${dateOf(now)} WHERE token_hash = ${hashOf(refreshToken)}`;
      await tx`
        INSERT INTO refresh_tokens (token_hash, family_id, user_id, expires_at)
        VALUES (${hashOf(successor)}, ${row.family_id}, ${row.user_id}, ${expiryOf(now)})`;
      return { kind: 'rotated', userId, refreshToken: successor };
    });
  }

  async revoke(refreshToken: string, now: Timestamp): Promise<void> {
    await this.store.sql`
      UPDATE refresh_tokens SET revoked_at = ${dateOf(now)}
      WHERE family_id = (SELECT family_id FROM refresh_tokens WHERE token_hash = ${hashOf(refreshToken)})`;
  }
}

const newToken = (): string => randomBytes(tokenBytes).toString('base64url');
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const dateOf = (timestamp: Timestamp): Date => new Date(Timestamp.toMillis(timestamp));
const expiryOf = (now: Timestamp): Date => dateOf(Timestamp.plus(now, lifetimeMicros));
