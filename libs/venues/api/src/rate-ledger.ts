/** Tokens by who may spend them: what can come later, what opens, what ends a risk or a doubt. Whole numbers. */
export type Purses = readonly [read: number, order: number, urgent: number];

export interface LedgerSpend {
  /** How long ago. */
  readonly ageMs: number;
  readonly amount: number;
}

/** What one process says of one limit of the venue, and what it wants to have at hand of it from now on. */
export interface LedgerRequest {
  /** Of the limit, within its scope; without secrets. */
  readonly name: string;
  /** Who the venue counts together: an address, or an account. Its pauses are told with the answer. */
  readonly scope: string;
  /** As long as the venue counts, and as long on top as what was lent may be spent later. */
  readonly windowMs: number;
  /** So much may be used by everybody together when the purse is filled: what is above it is kept for the next purse. */
  readonly capacities: Purses;
  readonly wants: Purses;
  /** All that was spent within the window: a ledger that forgot everything knows it again from this. */
  readonly spent: readonly LedgerSpend[];
}

export interface LedgerGrant {
  /** Replaces what was lent before; null while a ledger that begins anew listens to who has spent what. */
  readonly granted: Purses | null;
  /** What all other processes have spent within the window or have at hand. */
  readonly others: number;
  /** Processes that share the limit, this one among them. */
  readonly members: number;
  /** For how long nobody of the scope may ask the venue; 0: now. */
  readonly pausedMs: number;
}

/**
 * What all processes together may still ask of a venue. Asked behind, never on the way of an order: whoever spends does so from what
 * he was lent. Not there is a plain case: each process goes on with a careful share of its own.
 */
export interface RateLedger {
  /** Rejects when the ledger is away, soon. */
  exchange(request: LedgerRequest): Promise<LedgerGrant>;
  /** The venue said stop to one, so all of the scope stop. Never throws; lost while the ledger is away. */
  pause(scope: string, lengthMs: number): void;
  /** Told of every pause that another process was told. Gives the way to stop it. */
  follow(heard: (scope: string, lengthMs: number) => void): () => void;
}
