import type { Timestamp } from '@scalpstorm/kernel';
import type { Principal } from '../domain/principal.js';

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Timestamp;
}
export interface Identified {
  readonly principal: Principal;
  readonly expiresAt: Timestamp;
}

/** Turns the token on a request into the user who sent it. */
export abstract class AccessTokens {
  abstract issue(principal: Principal, sessionId: string): Promise<IssuedToken>;
  /** Null when it is not ours, was changed or has expired. */
  abstract identify(token: string): Promise<Identified | null>;
}
