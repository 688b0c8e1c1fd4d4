import type { Denial } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId, EventId, OrderRequest } from '@scalpstorm/model';

export type Verdict =
  | { readonly kind: 'approved'; readonly expiresAt: Timestamp }
  | { readonly kind: 'denied'; readonly denial: Denial };

/** A verdict that was given for an id before. */
export interface Given {
  readonly verdict: Verdict;
  /** When the stream took it; null while that is not certain. */
  readonly toldAt: Timestamp | null;
}

export interface Telling {
  readonly causedBy: EventId;
  /** How often the order was asked for; 0 for the first time. */
  readonly ask: number;
}

/** The answers of the gate: told once, remembered a while, written down behind. */
export abstract class Verdicts {
  /** Remembers the newest verdicts of an earlier life of the gate, up to a bound. */
  abstract load(): Promise<void>;
  /** The first verdict on this id. What memory has lost is looked up only for an id that is asked for again. */
  abstract find(clientOrderId: ClientOrderId, ask: number): Promise<Given | null>;
  /**
   * Resolves when the stream has it, with the verdict that stands: the first one on this id. Null when there was an
   * earlier one that neither the stream nor the table has any more; whoever it was for has heard it.
   */
  abstract tell(order: OrderRequest, verdict: Verdict, telling: Telling): Promise<Verdict | null>;
  /** Tells a verdict that was told before to somebody who has not heard it. */
  abstract tellAgain(order: OrderRequest, given: Given, telling: Telling): Promise<void>;
  /** Resolves when everything that was told is written down, or the time is up. */
  abstract drain(msMax: number): Promise<void>;
  /** Forgets what was decided before, in bounded steps. Returns how many. */
  abstract prune(before: Timestamp): Promise<number>;
}
