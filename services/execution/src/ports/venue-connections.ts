import type { Account, AccountId } from '@scalpstorm/model';
import type { AccountSettings } from '../domain/account-settings.js';

/** What a key may do; `mayWithdraw` is null where the venue does not tell. */
export interface KeyCheck {
  readonly mayTrade: boolean;
  readonly mayWithdraw: boolean | null;
}

/** Accounts that come and go while the service runs. */
export abstract class VenueConnections {
  /** Asks the venue about a key; asking changes nothing. @throws VenueRefused, VenueUnreachable */
  abstract check(settings: AccountSettings): Promise<KeyCheck>;
  /** The account is one of this process from now on; it has to be taken in the ledger before. */
  abstract attach(settings: AccountSettings): Promise<Account>;
  /** Closes its connection; what was asked for it before may still be answered. */
  abstract detach(accountId: AccountId): Promise<void>;
}
