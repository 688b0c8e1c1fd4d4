import type { Account, AccountId, Balance } from '@scalpstorm/model';
import type { ExecutionVenue } from '@scalpstorm/venue-api';

/** The accounts of this process, each with its connection; execution alone holds their keys. */
export abstract class Venues {
  abstract accounts(): readonly Account[];
  /** Null: not an account of this process. */
  abstract venueOf(accountId: AccountId): ExecutionVenue | null;
  /** What the venue last said that the account holds. */
  abstract balances(accountId: AccountId): readonly Balance[];
  abstract rememberBalances(accountId: AccountId, balances: readonly Balance[]): void;
  /** For how long a request may travel before the venue has to refuse it. */
  abstract readonly requestLifeMs: number;
  abstract close(): Promise<void>;
}
