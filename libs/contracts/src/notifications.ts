import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { Answer } from './questions.js';

/** The ways to a user. */
export const notificationChannels = ['telegram', 'email', 'webhook'] as const;
export type NotificationChannel = (typeof notificationChannels)[number];

/** What a user can be told about. */
export const noticeKinds = [
  'bot-created',
  'bot-deleted',
  'bot-started',
  'bot-paused',
  'bot-stopped',
  'bot-stopped-itself',
  'bot-failed',
  'order-placed',
  'order-filled',
  'order-rejected',
  'order-denied',
  'cycle-completed',
  'trading-halted',
  'trading-released',
  'books-differ',
  'activity',
  'daily-summary',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** How much it matters, least first. */
export const noticeLevels = ['INFO', 'SUCCESS', 'WARNING', 'ERROR'] as const;
export type NoticeLevel = (typeof noticeLevels)[number];

/** `OFF`: nothing goes to the channel. */
export const levelFilters = [...noticeLevels, 'OFF'] as const;
export type LevelFilter = (typeof levelFilters)[number];

/** What a user may do; the gateway's roles. */
export const userRoles = ['viewer', 'trader', 'admin'] as const;
export type UserRole = (typeof userRoles)[number];

export interface NotificationPreferences {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  /** `HH:MM` in that zone, the end excluded; what is not an error waits for the end. Null: none. */
  readonly quietHours: { readonly from: string; readonly to: string } | null;
  /** `HH:MM` in that zone; null: no daily summary. */
  readonly summaryAt: string | null;
  /** The least level that goes to a channel. */
  readonly levels: Readonly<Record<NotificationChannel, LevelFilter>>;
  /** What does not go there, whatever its level. */
  readonly muted: readonly { readonly kind: NoticeKind; readonly channel: NotificationChannel }[];
}

interface Asked {
  readonly commandId: string;
  readonly userId: UserId;
  /** What the user may do now; a linked chat may do no more. */
  readonly role: UserRole;
}

export type NotificationCommand = Asked &
  (
    | { readonly kind: 'look' | 'link-telegram' | 'remove-email' | 'remove-webhook' }
    | { readonly kind: 'unlink-telegram'; readonly linkId: string }
    | { readonly kind: 'set-email'; readonly address: string }
    | { readonly kind: 'verify-email'; readonly code: string }
    | { readonly kind: 'set-webhook'; readonly url: string }
    | { readonly kind: 'set-preferences'; readonly preferences: NotificationPreferences }
    | { readonly kind: 'test'; readonly channel: NotificationChannel }
    | { readonly kind: 'retry'; readonly deliveryId: string }
  );

/** Whether the platform can use a channel, and how it is doing. `off`: not configured. */
export interface ChannelStatus {
  readonly channel: NotificationChannel;
  readonly state: 'off' | 'up' | 'down';
  readonly text: string;
}

/** A delivery that was given up; it can be tried again while it is kept. */
export interface FailedDelivery {
  readonly id: string;
  readonly channel: NotificationChannel;
  readonly title: string;
  readonly error: string;
  readonly attempts: number;
  readonly createdAt: Timestamp;
}

export interface NotificationProfile {
  readonly channels: readonly ChannelStatus[];
  readonly links: readonly { readonly id: string; readonly label: string; readonly linkedAt: Timestamp }[];
  readonly email: { readonly address: string; readonly verified: boolean } | null;
  readonly webhookUrl: string | null;
  readonly preferences: NotificationPreferences;
  readonly failed: readonly FailedDelivery[];
  /** Only in the answer to `link-telegram`; `link` opens the chat and may be empty. */
  readonly linkCode: { readonly code: string; readonly link: string; readonly expiresAt: Timestamp } | null;
  /** Only in the answer to `set-webhook`: shown once. */
  readonly webhookSecret: string | null;
}

export type NotificationAnswer = Answer<NotificationProfile>;
