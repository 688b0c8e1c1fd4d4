import { Injectable } from '@nestjs/common';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { errors, jwtVerify, SignJWT } from 'jose';
import { type Principal, roles } from '../domain/principal.js';
import { AccessTokens, type Identified } from '../ports/access-tokens.js';
import { GatewaySettings } from '../ports/gateway-settings.js';

const algorithm = 'HS256';
const audience = 'scalpstorm-gateway';
const lifetimeSeconds = 900;

/** Signed tokens of a quarter of an hour; what ends a session earlier is that its refresh token is gone. */
@Injectable()
export class JwtAccessTokens extends AccessTokens {
  readonly #secret: Uint8Array;

  constructor(
    settings: GatewaySettings,
    private readonly clock: WallClock,
  ) {
    super();
    this.#secret = new TextEncoder().encode(settings.signingSecret);
  }

  async issue({ userId, email, role }: Principal): Promise<{ readonly token: string; readonly expiresAt: Timestamp }> {
    const now = Math.floor(Timestamp.toMillis(this.clock.now()) / 1_000);
    const expires = now + lifetimeSeconds;
    const token = await new SignJWT({ email, role })
      .setProtectedHeader({ alg: algorithm, typ: 'at+jwt' })
      .setSubject(userId)
      .setAudience(audience)
      .setIssuer(audience)
      .setIssuedAt(now)
      .setExpirationTime(expires)
      .sign(this.#secret);
    return { token, expiresAt: Timestamp.fromMillis(expires * 1_000) };
  }

  async identify(token: string): Promise<Identified | null> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: [algorithm],
        audience,
        issuer: audience,
        typ: 'at+jwt',
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(Timestamp.toMillis(this.clock.now())),
      });
      const role = roles.find((name) => name === payload['role']);
      const { sub, exp, email } = payload;
      if (role === undefined || sub === undefined || exp === undefined || typeof email !== 'string') return null;
      return { principal: { userId: UserId.of(sub), email, role }, expiresAt: Timestamp.fromMillis(exp * 1_000) };
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
