import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { AuditFact } from '../domain/audit-fact.js';

/** One log-in on one device. */
export interface Session {
  readonly sessionId: string;
  readonly userId: UserId;
  readonly refreshToken: string;
}
/** A log-in that stands. */
export interface OpenSession {
  readonly sessionId: string;
  readonly openedAt: Timestamp;
  /** When its token was last renewed. */
  readonly renewedAt: Timestamp;
  readonly endsAt: Timestamp;
}
export type Rotation =
  | { readonly kind: 'rotated'; readonly session: Session }
  /** Exchanged a moment ago by the same browser: nothing was stolen, and nothing is issued. */
  | { readonly kind: 'superseded' }
  /** Used before, so two parties hold it: the whole session is revoked now. */
  | { readonly kind: 'reused'; readonly userId: UserId }
  | { readonly kind: 'refused' };

/**
 * Long-lived tokens that change with every use. Only their hashes are stored. What opens or ends a session and its fact for the audit are
 * one transaction; what changes nothing has none.
 */
export abstract class RefreshTokens {
  abstract open(userId: UserId, now: Timestamp, factOf: (sessionId: string) => AuditFact): Promise<Session>;
  abstract rotate(refreshToken: string, now: Timestamp): Promise<Rotation>;
  /** Newest first, at most a hundred. */
  abstract list(userId: UserId, now: Timestamp): Promise<readonly OpenSession[]>;
  /** One session of the user, or (null) all. False: there was none that stood. */
  abstract end(userId: UserId, sessionId: string | null, now: Timestamp, fact: AuditFact): Promise<boolean>;
  /** Ends the session; an unknown token is none of anybody's business. */
  abstract revoke(refreshToken: string, now: Timestamp): Promise<void>;
}
