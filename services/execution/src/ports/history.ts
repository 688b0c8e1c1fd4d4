import type { Timestamp } from '@scalpstorm/kernel';

/** What only grows: the log of events and of differences, and plans that are over. Fills, orders and open refusals are kept for ever. */
export abstract class History {
  /** Forgets a bounded number of rows that are older; gives how many, 0 when none is left. */
  abstract prune(before: Timestamp): Promise<number>;
}
