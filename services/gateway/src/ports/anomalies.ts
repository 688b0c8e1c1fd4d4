import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { Anomaly, AnomalyLook, AnomalyRule } from '../domain/anomaly.js';
import type { Listing, Page } from '../domain/cursor.js';
import type { KeySighting } from '../domain/key-sighting.js';

/** One that was found and written down. */
export interface KnownAnomaly extends Anomaly {
  readonly id: bigint;
  readonly foundAt: Timestamp;
}

export interface AnomalyFilter {
  readonly rule?: AnomalyRule | undefined;
  readonly subject?: string | undefined;
  readonly user?: UserId | undefined;
}

/** What the rules look at, and what they found. */
export abstract class Anomalies {
  /** Into the audit: a key at a place where it was not before, and what it was refused. */
  abstract keepSightings(sightings: readonly KeySighting[]): Promise<void>;
  /** Counts the orders that came since the last time, at most once a minute over all gateways. */
  abstract countOrders(now: Timestamp): Promise<void>;
  /** A bounded number of the newest facts. */
  abstract look(now: Timestamp): Promise<AnomalyLook>;
  /** Those alone of which nothing alike was found since then. */
  abstract keep(found: readonly Anomaly[], now: Timestamp, alikeSince: Timestamp): Promise<void>;
  /** The oldest first, a bounded number. */
  abstract untold(): Promise<readonly KnownAnomaly[]>;
  abstract told(id: bigint): Promise<void>;
  /** Newest first. */
  abstract list(filter: AnomalyFilter, page: Page): Promise<Listing<KnownAnomaly>>;
  /** Who hears of what concerns no user, a bounded number. */
  abstract administrators(): Promise<readonly UserId[]>;
}
