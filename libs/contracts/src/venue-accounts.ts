import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, Mode, UserId, VenueId } from '@scalpstorm/model';
import type { Answer } from './questions.js';

/** What the venue said of a key when it was tested last. */
export interface VenueAccountCheck {
  readonly checkedAt: Timestamp;
  readonly mayTrade: boolean;
  /** Null: the venue does not tell. */
  readonly mayWithdraw: boolean | null;
  /** For the user to read; may be empty. */
  readonly warning: string;
}

/** An account that a user brought, without its secrets. */
export interface VenueAccount {
  readonly accountId: AccountId;
  readonly userId: UserId;
  readonly label: string;
  readonly venue: VenueId;
  readonly mode: Mode;
  readonly state: 'enabled' | 'disabled';
  /** The last characters of the venue's key, so that people know which one it is. */
  readonly keyEnding: string;
  readonly check: VenueAccountCheck;
  readonly createdAt: Timestamp;
  readonly changedAt: Timestamp;
}

/** A venue and mode that accounts can be added at. */
export interface VenueOffer {
  readonly venue: VenueId;
  readonly mode: Mode;
  readonly title: string;
}

interface Command {
  readonly commandId: string;
  readonly userId: UserId;
  readonly accountId: AccountId;
}

/**
 * Every request carries who asks; execution shows and changes only that user's accounts. `sealed` is a key with its secret,
 * which only execution can open, and only for this account: see `@scalpstorm/vault`.
 */
export type VenueAccountRequest =
  | { readonly kind: 'list'; readonly userId: UserId }
  | (Command & {
      readonly kind: 'add';
      readonly label: string;
      readonly venue: VenueId;
      readonly mode: Mode;
      readonly sealed: Uint8Array;
    })
  | (Command & { readonly kind: 'rotate'; readonly sealed: Uint8Array })
  | (Command & { readonly kind: 'relabel'; readonly label: string })
  | (Command & { readonly kind: 'test' | 'enable' | 'disable' | 'delete' });

export interface VenueAccountStanding {
  /** X25519, 32 bytes: what a secret is sealed for. */
  readonly sealingKey: Uint8Array;
  readonly offers: readonly VenueOffer[];
  /** All of the user for a list; the one concerned otherwise, none after it was deleted. */
  readonly accounts: readonly VenueAccount[];
}
export type VenueAccountAnswer = Answer<VenueAccountStanding>;
