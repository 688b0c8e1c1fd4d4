import type { UserId } from '@scalpstorm/model';
import type { Role } from '../domain/principal.js';

/** What is true now of somebody whose token was signed a while ago. */
export abstract class Standings {
  /**
   * The role that the user has; null: the session has ended, or the user was disabled or is gone.
   * @param atOnce false: it may have been so up to five seconds ago
   */
  abstract roleIn(
    session: { readonly userId: UserId; readonly sessionId: string },
    atOnce: boolean,
  ): Promise<Role | null>;
  /** Which of these let nobody in any more: ended, revoked, expired, or of a user who was disabled or is gone. */
  abstract ended(of: {
    readonly sessions: readonly string[];
    readonly keys: readonly string[];
  }): Promise<ReadonlySet<string>>;
}
