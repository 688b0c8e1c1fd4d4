import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { Meta } from './contract.js';

/** The channels that carry a user's own objects. */
export const liveChannels = ['bots', 'orders', 'fills', 'activity', 'accounts', 'state'] as const;
export type LiveChannel = (typeof liveChannels)[number];

/** A row that is longer travels without itself: a message has at most a megabyte, and a character up to three bytes. */
export const liveRowCharactersMax = 200_000;

/** One change of what users see. */
export interface LiveChange {
  readonly channel: LiveChannel;
  /** Null: concerns everybody. */
  readonly userId: UserId | null;
  readonly at: Timestamp;
  /** As clients get it; null: whoever shows it reads it. */
  readonly row: Readonly<Record<string, unknown>> | null;
  /** What the row is a state of, the older ones with the lower ranks; null: of something that never changes. */
  readonly entity: { readonly id: string; readonly rank: number } | null;
}

/** What one gateway tells the others. */
export interface LiveChanged {
  readonly meta: Meta;
  /** The process that tells. */
  readonly teller: string;
  /** How many changes it has folded since it started, this one included. */
  readonly number: number;
  /** Null: there is none; it only says that it is there. */
  readonly change: LiveChange | null;
}
