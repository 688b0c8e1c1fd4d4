import type { Denial } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId, EventId, OrderRequest } from '@scalpstorm/model';

export type Verdict =
  | { readonly kind: 'approved'; readonly expiresAt: Timestamp }
  | { readonly kind: 'denied'; readonly denial: Denial };

export interface Telling {
  readonly causedBy: EventId;
  /** 0 for the first time; else the number of the ask that a remembered verdict is told for again. */
  readonly repeat: number;
}

/** The answers of the gate: told once, remembered a while, written down behind. */
export abstract class Verdicts {
  /** Remembers the newest verdicts of an earlier life of the gate, up to a bound. */
  abstract load(): Promise<void>;
  /** The verdict that was given for this id, as far as it is remembered. */
  abstract of(clientOrderId: ClientOrderId): Verdict | null;
  /** Resolves when the stream has it. `first` is false when the stream already held a verdict for this id. */
  abstract tell(order: OrderRequest, verdict: Verdict, telling: Telling): Promise<{ readonly first: boolean }>;
  /** Resolves when everything that was told is written down, or the time is up. */
  abstract drain(msMax: number): Promise<void>;
}
