import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hashRefreshToken, newRefreshToken, openSession, type RefreshTokenRecord, refresh } from '@scalpstorm/auth';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { AuditTrail, Store, type Transaction } from '@scalpstorm/store';
import { type AuditFact, auditFacts } from '../domain/audit-fact.js';
import { type OpenSession, RefreshTokens, type Rotation, type Session } from '../ports/refresh-tokens.js';

/** Times are microseconds. */
interface TokenRow {
  readonly hash: string;
  readonly session_id: string;
  readonly user_id: string;
  readonly issued_at: bigint;
  readonly expires_at: bigint;
  readonly session_ends_at: bigint;
  readonly used_at: bigint | null;
  readonly revoked_at: bigint | null;
}

/** Keeps what the rules of rotation decide; the row is locked in between, so a token is exchanged once. */
@Injectable()
export class PostgresRefreshTokens extends RefreshTokens {
  constructor(
    private readonly store: Store,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  async open(userId: UserId, now: Timestamp, factOf: (sessionId: string) => AuditFact): Promise<Session> {
    const { token, hash } = newRefreshToken();
    const sessionId = randomUUID();
    await this.store.transaction(async (tx) => {
      await insert(tx, openSession({ hash, sessionId, userId }, now));
      await this.audit.append(tx, factOf(sessionId));
    });
    return { sessionId, userId, refreshToken: token };
  }

  async rotate(refreshToken: string, now: Timestamp): Promise<Rotation> {
    const successor = newRefreshToken();
    return this.store.transaction(async (tx): Promise<Rotation> => {
      const rows = await tx<TokenRow[]>`
        SELECT * FROM refresh_tokens WHERE hash = ${hashRefreshToken(refreshToken)} FOR UPDATE`;
      const verdict = refresh(rows[0] ? recordOf(rows[0]) : null, successor.hash, now);
      switch (verdict.kind) {
        case 'rotate': {
          await tx`UPDATE refresh_tokens SET used_at = ${now} WHERE hash = ${verdict.used.hash}`;
          await insert(tx, verdict.next);
          const { sessionId, userId } = verdict.next;
          return { kind: 'rotated', session: { sessionId, userId: UserId.of(userId), refreshToken: successor.token } };
        }
        case 'reuse':
          await tx`UPDATE refresh_tokens SET revoked_at = ${now} WHERE session_id = ${verdict.sessionId}`;
          await this.audit.append(tx, auditFacts.tokenReused(verdict.userId, verdict.sessionId));
          return { kind: 'reused', userId: UserId.of(verdict.userId) };
        default:
          return { kind: verdict.kind };
      }
    });
  }

  async list(userId: UserId, now: Timestamp): Promise<readonly OpenSession[]> {
    const rows = await this.store.sql<{ session_id: string; opened: bigint; renewed: bigint; ends: bigint }[]>`
      SELECT session_id, min(session_ends_at) AS ends, min(issued_at) AS opened, max(issued_at) AS renewed
      FROM refresh_tokens WHERE user_id = ${userId} GROUP BY session_id
      HAVING bool_and(revoked_at IS NULL) AND max(expires_at) > ${now} ORDER BY renewed DESC LIMIT 100`;
    return rows.map(({ session_id: sessionId, opened, renewed, ends }) => ({
      sessionId,
      openedAt: time(opened),
      renewedAt: time(renewed),
      endsAt: time(ends),
    }));
  }

  async end(userId: UserId, sessionId: string | null, now: Timestamp, fact: AuditFact): Promise<boolean> {
    return this.store.transaction(async (tx) => {
      const { count } = await tx`
        UPDATE refresh_tokens SET revoked_at = ${now}
        WHERE user_id = ${userId} AND revoked_at IS NULL
          AND (${sessionId}::text IS NULL OR session_id = ${sessionId})`;
      if (count > 0) await this.audit.append(tx, fact);
      return count > 0;
    });
  }

  async revoke(refreshToken: string, now: Timestamp): Promise<void> {
    await this.store.transaction(async (tx) => {
      const [ended] = await tx<Pick<TokenRow, 'user_id' | 'session_id'>[]>`
        UPDATE refresh_tokens SET revoked_at = ${now}
        WHERE session_id = (SELECT session_id FROM refresh_tokens WHERE hash = ${hashRefreshToken(refreshToken)})
        RETURNING user_id, session_id`;
      if (ended !== undefined) await this.audit.append(tx, auditFacts.loggedOut(ended.user_id, ended.session_id));
    });
  }
}

async function insert(sql: Transaction, record: RefreshTokenRecord): Promise<void> {
  await sql`
    INSERT INTO refresh_tokens (hash, session_id, user_id, issued_at, expires_at, session_ends_at)
    VALUES (${record.hash}, ${record.sessionId}, ${record.userId}, ${record.issuedAt}, ${record.expiresAt},
            ${record.sessionEndsAt})`;
}

const time = (micros: bigint): Timestamp => Timestamp.fromMicros(Number(micros));

const recordOf = (row: TokenRow): RefreshTokenRecord => ({
  hash: row.hash,
  sessionId: row.session_id,
  userId: row.user_id,
  issuedAt: time(row.issued_at),
  expiresAt: time(row.expires_at),
  sessionEndsAt: time(row.session_ends_at),
  usedAt: row.used_at === null ? null : time(row.used_at),
  revokedAt: row.revoked_at === null ? null : time(row.revoked_at),
});
