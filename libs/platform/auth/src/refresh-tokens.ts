import { createHash, randomBytes } from 'node:crypto';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';

/** What is stored of a refresh token; never the token itself. */
export interface RefreshTokenRecord {
  /** SHA-256 of the token, hex: it has 256 random bits, so it needs neither salt nor stretching. */
  readonly hash: string;
  /** All tokens that followed from one log-in. */
  readonly sessionId: string;
  readonly userId: string;
  readonly issuedAt: Timestamp;
  /** Of this token; every rotation gives the next one a new life. */
  readonly expiresAt: Timestamp;
  /** However often it is rotated, the log-in ends here. */
  readonly sessionEndsAt: Timestamp;
  /** When it was exchanged for the next one; null while it is the current one. */
  readonly usedAt: Timestamp | null;
  readonly revokedAt: Timestamp | null;
}

export interface RefreshTokenLives {
  readonly token: Micros;
  readonly session: Micros;
  /** A token used twice within this time is a browser's retry or second tab, not a thief. */
  readonly grace: Micros;
}

const day: Micros = 86_400 * second;
export const refreshTokenLives: RefreshTokenLives = { token: 7 * day, session: 30 * day, grace: 10 * second };

export type RefreshVerdict =
  /** Mark `used` and store `next`, in one transaction; the stored row must still be unused. */
  | { readonly kind: 'rotate'; readonly used: RefreshTokenRecord; readonly next: RefreshTokenRecord }
  /** Nothing was stolen, and nothing is issued: ask again with the newer token. */
  | { readonly kind: 'superseded' }
  /** Somebody has a copy: revoke every token of the session, and tell the user. */
  | { readonly kind: 'reuse'; readonly sessionId: string; readonly userId: string }
  | { readonly kind: 'refused'; readonly code: 'REFRESH_UNKNOWN' | 'REFRESH_EXPIRED' | 'REFRESH_REVOKED' };

/** An opaque token of 256 random bits, and the hash to store. */
export function newRefreshToken(): { readonly token: string; readonly hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashRefreshToken(token) };
}

export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The first token of a log-in. */
export function openSession(
  given: { readonly hash: string; readonly sessionId: string; readonly userId: string },
  now: Timestamp,
  lives: RefreshTokenLives = refreshTokenLives,
): RefreshTokenRecord {
  const sessionEndsAt = Timestamp.plus(now, lives.session);
  const expiresAt = earlier(Timestamp.plus(now, lives.token), sessionEndsAt);
  return { ...given, issuedAt: now, expiresAt, sessionEndsAt, usedAt: null, revokedAt: null };
}

/**
 * What to do when a token is presented. Pure: the caller has looked the record up by the token's hash (null: not found) and made the
 * hash of the next one. Rotation with reuse detection as in RFC 9700, 4.14.2.
 */
export function refresh(
  record: RefreshTokenRecord | null,
  nextHash: string,
  now: Timestamp,
  lives: RefreshTokenLives = refreshTokenLives,
): RefreshVerdict {
  if (record === null) return { kind: 'refused', code: 'REFRESH_UNKNOWN' };
  if (record.revokedAt !== null) return { kind: 'refused', code: 'REFRESH_REVOKED' };
  const { sessionId, userId, sessionEndsAt } = record;
  if (record.usedAt !== null) {
    if (now - record.usedAt <= lives.grace) return { kind: 'superseded' };
    return { kind: 'reuse', sessionId, userId };
  }
  if (now >= record.expiresAt || now >= sessionEndsAt) return { kind: 'refused', code: 'REFRESH_EXPIRED' };
  const expiresAt = earlier(Timestamp.plus(now, lives.token), sessionEndsAt);
  const next = { ...record, hash: nextHash, issuedAt: now, expiresAt };
  return { kind: 'rotate', used: { ...record, usedAt: now }, next };
}

function earlier(left: Timestamp, right: Timestamp): Timestamp {
  return left < right ? left : right;
}
