import { Injectable } from '@nestjs/common';
import { second, type Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { Store } from '@scalpstorm/store';
import type { Role } from '../domain/principal.js';
import { Standings } from '../ports/standings.js';

const keptForMicros = 5 * second;
const keptMax = 10_000;

interface Kept {
  readonly role: Role | null;
  readonly readAt: Timestamp;
}

/** Asks Postgres: for a command each time, for a reading at most every five seconds a session. */
@Injectable()
export class PostgresStandings extends Standings {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly store: Store,
    private readonly clock: WallClock,
  ) {
    super();
  }

  async roleIn(
    session: { readonly userId: UserId; readonly sessionId: string },
    atOnce: boolean,
  ): Promise<Role | null> {
    const now = this.clock.now();
    const kept = this.#kept.get(session.sessionId);
    if (!atOnce && kept !== undefined && now - kept.readAt < keptForMicros) return kept.role;
    const role = await this.#read(session);
    this.#kept.delete(session.sessionId);
    this.#kept.set(session.sessionId, { role, readAt: now });
    // The first is the one that was read longest ago.
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > keptMax && oldest.done !== true) this.#kept.delete(oldest.value);
    return role;
  }

  async ended(of: {
    readonly sessions: readonly string[];
    readonly keys: readonly string[];
  }): Promise<ReadonlySet<string>> {
    const rows = await this.store.sql<{ id: string }[]>`
      SELECT id FROM unnest(${[...of.sessions]}::text[]) AS asked (id)
      WHERE NOT EXISTS (SELECT 1 FROM refresh_tokens t JOIN users u ON u.id = t.user_id
                        WHERE t.session_id = asked.id AND NOT u.disabled)
         OR EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.session_id = asked.id AND t.revoked_at IS NOT NULL)
      UNION ALL
      SELECT id FROM unnest(${[...of.keys]}::text[]) AS asked (id)
      WHERE NOT EXISTS (SELECT 1 FROM api_keys k JOIN users u ON u.id = k.user_id
                        WHERE k.id = asked.id AND NOT u.disabled AND k.revoked_at IS NULL
                          AND (k.expires_at IS NULL OR k.expires_at > ${this.clock.now()}))`;
    return new Set(rows.map(({ id }) => id));
  }

  /** One token that was revoked ends its whole session, also when another followed in the same moment. */
  async #read({ userId, sessionId }: { readonly userId: UserId; readonly sessionId: string }): Promise<Role | null> {
    const rows = await this.store.sql<{ role: Role }[]>`
      SELECT u.role FROM users u
      WHERE u.id = ${userId} AND NOT u.disabled
        AND (SELECT bool_and(t.revoked_at IS NULL) FROM refresh_tokens t
             WHERE t.session_id = ${sessionId} AND t.user_id = u.id)`;
    return rows[0]?.role ?? null;
  }
}
