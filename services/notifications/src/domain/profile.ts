import {
  type NotificationChannel,
  type NotificationPreferences,
  noticeLevels,
  type UserRole,
} from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { Notice } from './notice.js';

/** Where a message can go. */
export interface Destination {
  readonly channel: NotificationChannel;
  /** A chat id, an address, a URL. */
  readonly address: string;
  /** What happened before is not told here. */
  readonly since: Timestamp;
}

export interface TelegramLink {
  readonly id: string;
  readonly chatId: number;
  readonly telegramUserId: number;
  readonly label: string;
  readonly linkedAt: Timestamp;
}

/** One user, as far as notifications go. */
export interface UserProfile {
  readonly userId: UserId;
  readonly role: UserRole;
  readonly preferences: NotificationPreferences;
  readonly links: readonly TelegramLink[];
  readonly email: { readonly address: string; readonly verifiedAt: Timestamp | null } | null;
  readonly webhook: { readonly url: string; readonly setAt: Timestamp } | null;
  readonly summaryDay: string;
}

/** Everything to telegram; mail only for what matters; placed orders are many, so they are off until somebody wants them. */
export const defaultPreferences: NotificationPreferences = {
  timeZone: 'UTC',
  quietHours: null,
  summaryAt: null,
  levels: { telegram: 'INFO', email: 'WARNING', webhook: 'INFO' },
  muted: [
    { kind: 'order-placed', channel: 'telegram' },
    { kind: 'order-placed', channel: 'email' },
  ],
};

/** Only addresses that are proved to be the user's. A chat that was linked twice is told once. */
export function destinationsOf({ links, email, webhook }: UserProfile): Destination[] {
  const chats = new Map<number, Destination>();
  for (const { chatId, linkedAt } of links) {
    if (!chats.has(chatId)) chats.set(chatId, { channel: 'telegram', address: String(chatId), since: linkedAt });
  }
  const verified = email !== null && email.verifiedAt !== null ? email.verifiedAt : null;
  return [
    ...chats.values(),
    ...(email === null || verified === null
      ? []
      : [{ channel: 'email' as const, address: email.address, since: verified }]),
    ...(webhook === null ? [] : [{ channel: 'webhook' as const, address: webhook.url, since: webhook.setAt }]),
  ];
}

/** The codes that prove an address; they go to that address or nowhere. */
export const verifyPrefix = 'verify:';

/**
 * Where a message that failed goes when it is asked for again: where it was to go, if the user is still told there, else where the
 * user is told on that channel now. Null: nowhere, because it was unlinked, or because the words were for that address alone.
 */
export function retryAddress(
  profile: UserProfile,
  { channel, destination, noticeId }: { channel: NotificationChannel; destination: string; noticeId: string },
): string | null {
  if (noticeId.startsWith(verifyPrefix)) return profile.email?.address === destination ? destination : null;
  const present = destinationsOf(profile).filter((one) => one.channel === channel);
  return (present.find(({ address }) => address === destination) ?? present[0])?.address ?? null;
}

/** Where this notice goes, by level and by what is muted. The summary was asked for, so no level holds it back. */
export function wantedAt(profile: UserProfile, notice: Pick<Notice, 'kind' | 'level' | 'at'>): Destination[] {
  const { levels, muted } = profile.preferences;
  return destinationsOf(profile).filter(({ channel, since }) => {
    const least = levels[channel];
    if (least === 'OFF' || notice.at < since) return false;
    if (muted.some((pair) => pair.kind === notice.kind && pair.channel === channel)) return false;
    return notice.kind === 'daily-summary' || noticeLevels.indexOf(notice.level) >= noticeLevels.indexOf(least);
  });
}

/** What a webhook's secret is sealed for: it opens for this user alone. */
export const sealContext = (userId: UserId): string => `webhook:${userId}`;
