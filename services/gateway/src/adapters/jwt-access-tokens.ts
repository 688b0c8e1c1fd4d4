import { Injectable } from '@nestjs/common';
import { AccessTokens as SignedTokens } from '@scalpstorm/auth';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { decodeJwt } from 'jose';
import { type Principal, roles } from '../domain/principal.js';
import { AccessTokens, type Identified, type IssuedToken } from '../ports/access-tokens.js';
import { GatewaySettings } from '../ports/gateway-settings.js';

/** Signed tokens of a quarter of an hour; whether their session still stands, the admission asks. */
@Injectable()
export class JwtAccessTokens extends AccessTokens {
  readonly #tokens: SignedTokens;

  constructor(settings: GatewaySettings, clock: WallClock) {
    super();
    this.#tokens = new SignedTokens({ key: settings.signingSecret, clock });
  }

  async issue({ userId, role }: Principal, sessionId: string): Promise<IssuedToken> {
    const token = await this.#tokens.issue({ userId, roles: [role], sessionId });
    return { token, expiresAt: expiryOf(token) };
  }

  async identify(token: string): Promise<Identified | null> {
    const verified = await this.#tokens.verify(token);
    if (!verified.ok) return null;
    const { userId, roles: named, sessionId } = verified.value;
    const role = roles.find((known) => known === named[0]);
    if (role === undefined) return null;
    return { principal: { userId: UserId.of(userId), role, sessionId }, expiresAt: expiryOf(token) };
  }
}

/** Of a token that was issued or verified a moment ago. */
const expiryOf = (token: string): Timestamp => Timestamp.fromMillis((decodeJwt(token).exp ?? 0) * 1_000);
