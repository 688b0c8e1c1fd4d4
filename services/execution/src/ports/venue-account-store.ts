import type { VenueAccount } from '@scalpstorm/contracts';
import type { AccountId, Activity, UserId } from '@scalpstorm/model';

/** An account as it is stored: its secrets only in an envelope. */
export interface StoredVenueAccount extends VenueAccount {
  readonly envelope: Uint8Array;
}

/** Somebody is about to hold a key of a venue in the clear. */
export interface KeyUse {
  readonly accountId: AccountId;
  /** Null: the key is in the configuration of this service. */
  readonly userId: UserId | null;
  readonly purpose: 'connect' | 'test';
}

/** The venue accounts that users brought. Each change and the line that tells of it are one transaction. */
export abstract class VenueAccountStore {
  abstract all(): Promise<readonly StoredVenueAccount[]>;
  abstract ofUser(userId: UserId): Promise<readonly StoredVenueAccount[]>;
  /** Null: it does not exist, or is somebody else's. */
  abstract find(userId: UserId, accountId: AccountId): Promise<StoredVenueAccount | null>;
  /** False: the id is taken. */
  abstract add(account: StoredVenueAccount, told: Activity): Promise<boolean>;
  /** Null is told of nothing, e.g. when only the wrapping of the secret changed. */
  abstract change(account: StoredVenueAccount, told: Activity | null): Promise<void>;
  abstract remove(account: VenueAccount, told: Activity): Promise<void>;
  /** For the audit, before it is done. */
  abstract keyUsed(use: KeyUse): Promise<void>;
}
