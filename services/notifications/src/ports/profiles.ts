import type { NotificationPreferences, UserRole } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { UserProfile } from '../domain/profile.js';

/** What came of a code that somebody typed. */
export type CodeCheck = 'right' | 'wrong' | 'expired' | 'none';

export interface NewLink {
  readonly codeHash: string;
  readonly linkId: string;
  readonly chatId: number;
  readonly telegramUserId: number;
  readonly label: string;
}

/** Who wants to be told, and how. Durable when a change resolves; reads are from memory, because every event asks. */
export abstract class Profiles {
  abstract load(): Promise<void>;
  abstract of(userId: UserId): UserProfile | null;
  abstract all(): Iterable<UserProfile>;
  /** Whose chat it is, seen with this person in it; null when it is nobody's. */
  abstract linkedTo(chatId: number, telegramUserId: number): UserProfile | null;
  /** Makes the profile, or follows the role. */
  abstract ensure(userId: UserId, role: UserRole): Promise<UserProfile>;
  abstract setPreferences(userId: UserId, preferences: NotificationPreferences): Promise<void>;
  /** Replaces an earlier code of this user. */
  abstract offerLink(userId: UserId, codeHash: string, expiresAt: Timestamp): Promise<void>;
  /** Uses the code up. Null when it does not exist, was used or is too old, or the user has as many chats as are allowed. */
  abstract link(link: NewLink, now: Timestamp): Promise<UserProfile | null>;
  /** The chat that is not told any more; null when the user has no such link. */
  abstract unlink(userId: UserId, linkId: string): Promise<number | null>;
  abstract setEmail(
    userId: UserId,
    email: { address: string; codeHash: string; expiresAt: Timestamp },
    now: Timestamp,
  ): Promise<void>;
  abstract verifyEmail(userId: UserId, codeHash: string, now: Timestamp): Promise<CodeCheck>;
  /** The address must be proved again before anything goes there. */
  abstract doubtEmail(userId: UserId, address: string): Promise<void>;
  abstract removeEmail(userId: UserId): Promise<void>;
  abstract setWebhook(
    userId: UserId,
    webhook: { url: string; sealedSecret: Uint8Array },
    now: Timestamp,
  ): Promise<void>;
  abstract removeWebhook(userId: UserId): Promise<void>;
  /** Replaces every sealed secret for which there is a new form; what cannot be opened stays as it is. Returns how many. */
  abstract renewSecrets(renewed: (userId: UserId, sealed: Uint8Array) => Uint8Array | null): Promise<number>;
  /** Null when there is none. */
  abstract webhookSecret(userId: UserId): Promise<Uint8Array | null>;
  /** True for the first who makes the summary of that day. */
  abstract claimSummary(userId: UserId, day: string): Promise<boolean>;
}
