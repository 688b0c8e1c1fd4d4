import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { InstrumentId } from './ids.js';

/** What a model expects of an entry made now: reach the target before the stop and before the time is over, or not. */
export interface Outlook {
  /** That the target is reached first; calibrated, from 0 to 1. */
  readonly probability: number;
  /** What an entry brings that reaches it, in basis points of its price, before fees; the spread is paid. */
  readonly winBps: number;
  /** What one that does not loses on average. */
  readonly lossBps: number;
}

/** What a model says about a market. A statistic: it moves no money by itself. */
export interface Prediction {
  readonly instrumentId: InstrumentId;
  readonly model: string;
  readonly version: string;
  /** Of a purchase that is sold again. */
  readonly up: Outlook;
  /** Of a sale that is bought back. */
  readonly down: Outlook;
  /** How long the entry was given. */
  readonly horizon: Micros;
  /** Nothing that happened later is in it. */
  readonly occurredAt: Timestamp;
  /** Afterwards it is stale, and nobody may act on it. */
  readonly validUntil: Timestamp;
}
