import type { BrokenInvariant, Timestamp } from '@scalpstorm/kernel';
import type { About } from './about.js';
import type { Delivery } from './delivery.js';
import type { Lanes } from './lanes.js';
import type { Outcome } from './outcome.js';
import type { Hearing } from './receiver.js';

export type Retry = Extract<Outcome, { kind: 'retry' }>;
/** `failed`: nothing outside explains it. */
export type Handled = Outcome | { kind: 'failed'; reason: string } | { kind: 'broken'; error: BrokenInvariant };

/** One handler and the order of its keys. */
export interface Lane {
  readonly hearing: Hearing;
  readonly pattern: string;
  readonly lanes: Lanes<Held>;
}

/** A message between its delivery and the last word about it. */
export interface Held {
  readonly lane: Lane;
  readonly event: unknown;
  readonly about: About;
  readonly receivedAt: Timestamp;
  /** When its handler began; null while it waits for its turn, or for the weather. */
  begunAt: Timestamp | null;
  /** How often its handler ran in this process since it was handed over. */
  attempts: number;
  /** The newest delivery: an older one's acknowledgement would no longer count. */
  delivery: Delivery;
}

export type Dying = Pick<Held, 'delivery' | 'attempts'>;
/** By the server, and by ourselves while the weather was bad. */
export const timesHandedOver = ({ delivery, attempts }: Dying): number =>
  delivery.deliveries + Math.max(0, attempts - 1);
