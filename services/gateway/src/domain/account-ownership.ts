import type { AccountId, UserId } from '@scalpstorm/model';

/**
 * Whose an account is. An account that nobody was given belongs to the first user, who set the platform up and configured
 * its accounts; so a second user starts with nothing and sees nothing of others.
 */
export interface AccountOwners {
  readonly firstUser: UserId | null;
  readonly given: ReadonlyMap<AccountId, UserId>;
}

export const ownerOf = (owners: AccountOwners, accountId: AccountId): UserId | null =>
  owners.given.get(accountId) ?? owners.firstUser;
