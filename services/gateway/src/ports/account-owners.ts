import type { AccountId, UserId } from '@scalpstorm/model';

/** Writes down whose an account is, before anybody else hears of the account. */
export abstract class AccountOwners {
  /** False: it is somebody else's. */
  abstract give(accountId: AccountId, userId: UserId): Promise<boolean>;
  /** The account is gone: nothing of what it held is shown any more. It stays its owner's, should a late word of it come. */
  abstract forget(accountId: AccountId): Promise<void>;
}
