import type { Clock } from '@scalpstorm/kernel';
import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import { errors, jwtVerify, SignJWT } from 'jose';

/** Who is speaking. */
export interface AccessClaims {
  readonly userId: string;
  readonly roles: readonly string[];
  /** The family of refresh tokens, that is, one log-in on one device. */
  readonly sessionId: string;
}

export type AccessTokenFault = 'TOKEN_EXPIRED' | 'TOKEN_INVALID';

export interface AccessTokensOptions {
  /** At least 32 bytes, from the configuration; the same in every process that verifies. */
  readonly key: string;
  readonly clock: Clock;
  /** Default: 15 minutes. */
  readonly lifeSeconds?: number;
}

const issuer = 'scalpstorm';
const audience = 'scalpstorm';
const algorithm = 'HS256';
const keyBytesMin = 32;
const lifeSecondsDefault = 15 * 60;

/** Short-lived JWTs (HS256). They are not looked up anywhere, so what they say holds until they expire. */
export class AccessTokens {
  readonly lifeSeconds: number;
  private readonly key: Uint8Array;
  private readonly clock: Clock;

  constructor({ key, clock, lifeSeconds = lifeSecondsDefault }: AccessTokensOptions) {
    this.key = new TextEncoder().encode(key);
    if (this.key.length < keyBytesMin) {
      throw new RangeError(`the key for access tokens needs at least ${keyBytesMin} bytes`);
    }
    this.clock = clock;
    this.lifeSeconds = lifeSeconds;
  }

  issue({ userId, roles, sessionId }: AccessClaims): Promise<string> {
    const now = this.seconds();
    return new SignJWT({ roles: [...roles], sid: sessionId })
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .setSubject(userId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + this.lifeSeconds)
      .sign(this.key);
  }

  async verify(token: string): Promise<Result<AccessClaims, AccessTokenFault>> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [algorithm],
        issuer,
        audience,
        currentDate: new Date(Timestamp.toMillis(this.clock.now())),
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      const { sub, roles, sid } = payload;
      if (typeof sub !== 'string' || typeof sid !== 'string' || !isTexts(roles)) return fail('TOKEN_INVALID');
      return ok({ userId: sub, roles, sessionId: sid });
    } catch (error) {
      if (error instanceof errors.JWTExpired) return fail('TOKEN_EXPIRED');
      if (error instanceof errors.JOSEError) return fail('TOKEN_INVALID');
      throw error;
    }
  }

  private seconds(): number {
    return Math.floor(Timestamp.toMillis(this.clock.now()) / 1_000);
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
