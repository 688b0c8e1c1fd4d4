import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { Account, AccountId, Balance } from '@scalpstorm/model';
import type { ExecutionVenue } from '@scalpstorm/venue-api';

/**
 * Weather: the account has no connection at this moment, because its owner closed it or gave it a new key. Nothing is known from
 * it, and nothing was sent.
 */
export class AccountDetached extends Error {
  override readonly name = 'AccountDetached';

  constructor(readonly accountId: AccountId) {
    super(`account ${accountId} has no connection to its venue`);
  }
}

/** The accounts of this process, each with its connection; execution alone holds their keys. */
export abstract class Venues {
  abstract accounts(): readonly Account[];
  /** Null: not an account of this process, or its connection was closed; every caller can meet that at any time. */
  abstract venueOf(accountId: AccountId): ExecutionVenue | null;
  /** What the venue last said that the account holds. */
  abstract balances(accountId: AccountId): readonly Balance[];
  /** When the venue said so, on its own clock; null before its first word. Balances are at least as new as this. */
  abstract balancesAsOf(accountId: AccountId): Timestamp | null;
  abstract rememberBalances(accountId: AccountId, balances: readonly Balance[], asOf: Timestamp): void;
  /** For how long a request may travel before the venue has to refuse it. */
  abstract readonly requestLifeMs: number;
  /**
   * How far the answers of a venue may lie behind what it has done: questions are answered by copies that follow its books. What
   * it said of an order within this time is newer than any answer, so a not-found, or an older state, proves nothing yet.
   */
  abstract readonly readLag: Micros;
  abstract close(): Promise<void>;
}
