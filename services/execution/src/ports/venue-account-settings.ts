import type { OfferedVenue } from '../domain/venue-offers.js';

/** Where secrets are kept at rest, and how they come in. Every method throws a VaultFault that names no secret. */
export interface AccountVault {
  readonly vault: {
    seal(secret: string, context: string): Uint8Array;
    open(envelope: Uint8Array, context: string): string;
    /** Null: it is under the current master key already. */
    rewrap(envelope: Uint8Array, context: string): Uint8Array | null;
  };
  readonly boxes: {
    /** What a secret is sealed for, X25519, 32 bytes. */
    readonly publicKey: Uint8Array;
    open(sealed: Uint8Array, context: string): string;
  };
}

/** What the operator configured for the accounts of users. */
export abstract class VenueAccountSettings {
  /** Null: no master key is configured. */
  abstract readonly vault: AccountVault | null;
  abstract readonly offers: readonly OfferedVenue[];
}
