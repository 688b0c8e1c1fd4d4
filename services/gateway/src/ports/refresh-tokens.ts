import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';

export type Rotation =
  | { readonly kind: 'rotated'; readonly userId: UserId; readonly refreshToken: string }
  /** Used before, so two parties hold it: the whole family is revoked now. */
  | { readonly kind: 'reused'; readonly userId: UserId }
  | { readonly kind: 'refused' };

/** Long-lived tokens that change with every use. Only their hashes are stored. */
export abstract class RefreshTokens {
  /** Starts a family: one log-in. */
  abstract issue(userId: UserId, now: Timestamp): Promise<string>;
  abstract rotate(refreshToken: string, now: Timestamp): Promise<Rotation>;
  /** Ends the family; an unknown token is none of anybody's business. */
  abstract revoke(refreshToken: string, now: Timestamp): Promise<void>;
}
