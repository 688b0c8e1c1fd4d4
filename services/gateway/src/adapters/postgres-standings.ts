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
