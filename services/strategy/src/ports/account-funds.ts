import type { PairFunds } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, Instrument } from '@scalpstorm/model';

/** What accounts hold, as execution tells it; only what is known for sure. */
export abstract class AccountFunds {
  /** Of both assets of the market; null: not known, not confirmed for some seconds, or from before what was heard since. */
  abstract of(accountId: AccountId, instrument: Instrument, now: Timestamp): PairFunds | null;
  /** An order of the account moved something at this time, by the venue's clock: what was known from before counts no more. */
  abstract outdate(accountId: AccountId, movedAt: Timestamp, now: Timestamp): void;
  /** Asks for those of these accounts that it is time for, and forgets all others. Without an answer nothing is learned. */
  abstract refresh(accountIds: ReadonlySet<AccountId>): Promise<void>;
}

/** Where no bot goes by what its account holds. */
export class NoAccountFunds extends AccountFunds {
  of(): null {
    return null;
  }

  outdate(): void {}

  async refresh(): Promise<void> {}
}
