import type { NotificationChannel } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { Payload } from '../domain/dress.js';

/** One message for one destination, from the outbox. */
export interface Delivery {
  readonly id: string;
  readonly userId: UserId;
  readonly destination: string;
  readonly noticeId: string;
  readonly payload: Payload;
  /** How often it was tried before. */
  readonly attempts: number;
  readonly createdAt: Timestamp;
}

/** What became of an attempt. */
export type Attempt =
  | { readonly kind: 'delivered' }
  /** Never again this message; `gone`: nor any other, because the address does not exist or does not want to be told. */
  | { readonly kind: 'refused'; readonly text: string; readonly gone?: boolean }
  /** This destination has a problem of its own. */
  | { readonly kind: 'failed'; readonly text: string }
  /** The channel itself is away: everybody waits. */
  | { readonly kind: 'outage'; readonly text: string }
  /** The channel says how long to wait; it costs no attempt. */
  | { readonly kind: 'throttled'; readonly waitMs: number };

export const attemptKinds = [
  'delivered',
  'refused',
  'failed',
  'outage',
  'throttled',
] as const satisfies readonly Attempt['kind'][];

/** A way to a user. Bounded in time; throws nothing: an attempt ends in one of the ways above. No text holds a secret. */
export abstract class Channel {
  abstract readonly name: NotificationChannel;
  abstract send(delivery: Delivery): Promise<Attempt>;
  abstract close(): Promise<void>;
}
