import type { Micros, Timestamp } from '@scalpstorm/kernel';

/** How far a venue's clock is ahead of ours: `venue time ≈ our time + offset`, give or take half the round trip. */
export interface ClockOffset {
  readonly offset: Micros;
  readonly roundTrip: Micros;
  /** By our clock. */
  readonly measuredAt: Timestamp;
}
