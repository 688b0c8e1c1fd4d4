import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { FakeClock } from '@scalpstorm/testkit';
import { SignJWT } from 'jose';
import { AccessTokens } from './access-tokens.js';
import { hashRefreshToken, newRefreshToken, openSession, refresh, refreshTokenLives } from './refresh-tokens.js';
import { sameSecret } from './same-secret.js';

const key = 'a key of at least thirty-two bytes!';
const claims = { userId: 'user_1', roles: ['admin'], sessionId: 'session_1' };

describe('AccessTokens', () => {
  const clock = new FakeClock();
  const tokens = new AccessTokens({ key, clock });

  it('say who is speaking', async () => {
    expect(await tokens.verify(await tokens.issue(claims))).toEqual({ ok: true, value: claims });
  });

  it('expire after 15 minutes', async () => {
    const turning = new FakeClock();
    const short = new AccessTokens({ key, clock: turning });
    const token = await short.issue(claims);
    turning.advance(899 * second);
    expect((await short.verify(token)).ok).toBe(true);
    turning.advance(1 * second);
    expect(await short.verify(token)).toEqual({ ok: false, error: 'TOKEN_EXPIRED' });
  });

  it('are refused when signed with another key, changed, or not signed at all', async () => {
    const token = await tokens.issue(claims);
    const other = new AccessTokens({ key: `${key}${key}`, clock });
    const [header = '', payload = '', signature = ''] = token.split('.');
    const forged = Buffer.from(payload, 'base64url').toString().replace('user_1', 'user_2');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const bad = [
      await other.issue(claims),
      `${header}.${Buffer.from(forged).toString('base64url')}.${signature}`,
      `${none}.${payload}.`,
      'nonsense',
      '',
    ];
    for (const each of bad) expect(await tokens.verify(each)).toEqual({ ok: false, error: 'TOKEN_INVALID' });
  });

  it('are refused without their claims, or meant for somebody else', async () => {
    const seconds = Math.floor(Timestamp.toMillis(clock.now()) / 1_000);
    const sign = (audience: string, payload: Record<string, unknown>) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('user_1')
        .setIssuer('scalpstorm')
        .setAudience(audience)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + 60)
        .sign(new TextEncoder().encode(key));
    expect((await tokens.verify(await sign('scalpstorm', { roles: [], sid: 's' }))).ok).toBe(true);
    expect((await tokens.verify(await sign('scalpstorm', { roles: 'admin', sid: 's' }))).ok).toBe(false);
    expect((await tokens.verify(await sign('somebody', { roles: [], sid: 's' }))).ok).toBe(false);
  });

  it('are not made with a short key', () => {
    expect(() => new AccessTokens({ key: 'short', clock })).toThrow('at least 32 bytes');
  });
});

describe('refresh tokens', () => {
  const start = Timestamp.fromMicros(1_700_000_000_000_000);
  const later = (seconds: number) => Timestamp.plus(start, seconds * second);
  const first = openSession({ hash: 'h1', sessionId: 'session_1', userId: 'user_1' }, start);

  it('are random, and only their hash is stored', () => {
    const { token, hash } = newRefreshToken();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(hashRefreshToken(token)).toBe(hash);
    expect(newRefreshToken().token).not.toBe(token);
  });

  it('are exchanged for the next of the same session', () => {
    const verdict = refresh(first, 'h2', later(60));
    expect(verdict).toEqual({
      kind: 'rotate',
      used: { ...first, usedAt: later(60) },
      next: {
        ...first,
        hash: 'h2',
        issuedAt: later(60),
        expiresAt: Timestamp.plus(later(60), refreshTokenLives.token),
      },
    });
  });

  it('betray a thief when an old one is used again', () => {
    const used = { ...first, usedAt: later(60) };
    expect(refresh(used, 'h3', later(71))).toEqual({ kind: 'reuse', sessionId: 'session_1', userId: 'user_1' });
  });

  it('forgive a browser that asks twice at once, without giving out a second line of tokens', () => {
    const used = { ...first, usedAt: later(60) };
    expect(refresh(used, 'h3', later(70))).toEqual({ kind: 'superseded' });
  });

  it('betray a thief even after the stolen token has expired', () => {
    const used = { ...first, usedAt: later(60) };
    expect(refresh(used, 'h3', Timestamp.plus(start, 2 * refreshTokenLives.token)).kind).toBe('reuse');
  });

  it('are refused when unknown, expired or revoked', () => {
    const expired = Timestamp.plus(start, refreshTokenLives.token);
    expect(refresh(null, 'h2', start)).toEqual({ kind: 'refused', code: 'REFRESH_UNKNOWN' });
    expect(refresh(first, 'h2', expired)).toEqual({ kind: 'refused', code: 'REFRESH_EXPIRED' });
    const revoked = { ...first, revokedAt: later(1), usedAt: later(0) };
    expect(refresh(revoked, 'h2', later(100))).toEqual({ kind: 'refused', code: 'REFRESH_REVOKED' });
  });

  it('end with their session, however often they were exchanged', () => {
    let record = first;
    let now = start;
    let rotations = 0;
    for (;;) {
      now = Timestamp.plus(now, refreshTokenLives.token - second);
      const verdict = refresh(record, `h${rotations}`, now);
      if (verdict.kind !== 'rotate') {
        expect(verdict).toEqual({ kind: 'refused', code: 'REFRESH_EXPIRED' });
        break;
      }
      record = verdict.next;
      rotations += 1;
    }
    expect(rotations).toBe(4);
    expect(record.expiresAt).toBe(first.sessionEndsAt);
  });
});

describe('sameSecret', () => {
  it('compares texts of any length', () => {
    expect(sameSecret('abc', 'abc')).toBe(true);
    expect(sameSecret('abc', 'abd')).toBe(false);
    expect(sameSecret('abc', 'abcd')).toBe(false);
    expect(sameSecret('', '')).toBe(true);
  });
});
