import type { Timestamp } from '@scalpstorm/kernel';
import type { Account, AccountId, Balance } from '@scalpstorm/model';

export interface KnownBalances {
  readonly balances: readonly Balance[];
  /** When the venue said so, on its own clock: what it had done by then is in them. Null: it has said nothing of them yet. */
  readonly asOf: Timestamp | null;
  /** Do execution's books and the venue agree? Not there: nobody compares them. */
  readonly reconciled?: boolean;
}

/** What the venue says the accounts have, as execution knows it. */
export abstract class Balances {
  abstract accounts(): Promise<readonly Pick<Account, 'id' | 'mode' | 'venue'>[]>;
  /** Null when execution does not know the account. @throws NoAnswer while execution is away */
  abstract of(accountId: AccountId): Promise<KnownBalances | null>;
}
