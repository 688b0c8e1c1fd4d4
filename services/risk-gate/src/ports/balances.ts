import type { AccountId, Balance } from '@scalpstorm/model';

/** What the venue says the accounts have, as execution knows it. */
export abstract class Balances {
  abstract accounts(): Promise<readonly AccountId[]>;
  /** Null when it is not known. @throws NoAnswer while execution is away */
  abstract of(accountId: AccountId): Promise<readonly Balance[] | null>;
}
