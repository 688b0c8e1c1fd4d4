import type { FailedDelivery, NotificationChannel } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { Payload } from '../domain/dress.js';
import type { Gathering } from '../domain/gathering.js';
import type { Notice } from '../domain/notice.js';
import type { Delivery } from './channel.js';

/** A message that is to leave. */
export interface NewDelivery {
  readonly userId: UserId;
  readonly destination: string;
  readonly noticeId: string;
  readonly part: number;
  readonly title: string;
  readonly payload: Payload;
}

export interface Gather {
  readonly channel: NotificationChannel;
  readonly key: string;
  readonly dueAt: Timestamp;
  readonly notice: Notice;
  readonly title: string;
}

/** What one notice leads to. */
export interface Decided {
  /** An id that is acted upon once. */
  readonly onceId: string;
  readonly userId: UserId;
  readonly deliveries: readonly NewDelivery[];
  readonly gathers: readonly Gather[];
}

export type Settled =
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'again'; readonly at: Timestamp; readonly error: string; readonly countsAttempt: boolean };

export interface Claim {
  readonly max: number;
  /** Destinations that are being told something just now: one message at a time goes to each. */
  readonly except: readonly string[];
}

export type FailedPlace = Pick<NewDelivery, 'destination' | 'noticeId'> & { readonly channel: NotificationChannel };

/** The outbox: durable, bounded, and the only memory of what still has to leave. */
export abstract class Deliveries {
  /** False when the id was acted upon before. A row that cannot be stored is lost alone, and logged. */
  abstract add(decided: Decided, now: Timestamp): Promise<boolean>;
  /** The channels on which so many messages or more wait for this user. */
  abstract crowded(userId: UserId, waitingMax: number): Promise<ReadonlySet<NotificationChannel>>;
  /** A due message of up to so many destinations, what was never tried first; others leave them alone until `leaseMs` have passed. */
  abstract claim(channel: NotificationChannel, claim: Claim, now: Timestamp): Promise<readonly Delivery[]>;
  /** When the next one is due; null when none waits. */
  abstract nextAt(channel: NotificationChannel, except: readonly string[]): Promise<Timestamp | null>;
  /** Nothing that waits for this destination is due before. */
  abstract postpone(channel: NotificationChannel, destination: string, until: Timestamp): Promise<void>;
  /** A claimed one that is not tried now. */
  abstract putBack(id: string, at: Timestamp): Promise<void>;
  abstract settle(id: string, settled: Settled, now: Timestamp): Promise<void>;
  /** Newest first, bounded. */
  abstract failed(userId: UserId): Promise<readonly FailedDelivery[]>;
  /** Where a failed delivery of this user was to go; null when there is none. */
  abstract placeOfFailed(userId: UserId, id: string): Promise<FailedPlace | null>;
  /** It waits again, for this destination. False: it is not failed any more, or that destination has it already. */
  abstract retry(userId: UserId, id: string, destination: string, now: Timestamp): Promise<boolean>;
  /** What waits for a destination that the user has taken away. */
  abstract forget(userId: UserId, channel: NotificationChannel, destination: string): Promise<void>;
  /** Those whose time has come, bounded; they stay until they are told. */
  abstract dueGatherings(now: Timestamp): Promise<readonly Gathering[]>;
  /** In one transaction: the gathering goes and its line is added, unless more has been gathered since. */
  abstract release(gathering: Gathering, deliveries: readonly NewDelivery[], now: Timestamp): Promise<void>;
  abstract waiting(): Promise<Readonly<Record<NotificationChannel, number>>>;
  /** What was settled before, in bounded steps. Returns how many. */
  abstract prune(before: Timestamp): Promise<number>;
}
