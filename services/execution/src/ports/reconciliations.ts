import type { Difference, Reconciled } from '@scalpstorm/contracts';
import type { AccountId, InstrumentId, TradeId } from '@scalpstorm/model';
import type { Totals } from '../domain/balances.js';
import type { RefusedFill } from '../domain/refused-fill.js';

export interface OpenRefusal extends RefusedFill {
  readonly id: bigint;
}

/** What reconciliation remembers: the baselines, and every difference that was ever found. */
export abstract class Reconciliations {
  /** Null before the first reconciliation of the account. */
  abstract baseline(accountId: AccountId): Promise<Totals | null>;
  abstract setBaseline(accountId: AccountId, baseline: Totals, reason: string): Promise<void>;
  /**
   * The venue's trade up to which every fill is known to be in the books; null before the first. Not the newest fill that
   * was booked: the stream may have lost an older one.
   */
  abstract fillMark(accountId: AccountId, instrumentId: InstrumentId): Promise<TradeId | null>;
  abstract setFillMark(accountId: AccountId, instrumentId: InstrumentId, tradeId: TradeId): Promise<void>;
  /** Keeps a fill that could not be booked; false for a repeat, which keeps nothing new. */
  abstract keepRefused(accountId: AccountId, refused: RefusedFill): Promise<boolean>;
  /** The oldest that are still open, and how many there are. */
  abstract openRefused(
    accountId: AccountId,
    limit: number,
  ): Promise<{ readonly rows: readonly OpenRefusal[]; readonly count: number }>;
  abstract closeRefused(accountId: AccountId, id: bigint, by: string): Promise<void>;
  /** Stores the differences and tells everybody, in one transaction. */
  abstract conclude(reconciled: Omit<Reconciled, 'meta'>): Promise<void>;
  /** Differences of the last run of the account that were not repaired. */
  abstract unrepaired(accountId: AccountId): readonly Difference[];
}
