import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { AuditFact } from '../domain/audit-fact.js';
import type { Listing, Page } from '../domain/cursor.js';
import type { ApiKeyScope, Principal } from '../domain/principal.js';

/** A key without the key. Times are null when they do not apply. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly userId: UserId;
  readonly label: string;
  readonly scopes: readonly ApiKeyScope[];
  /** Addresses or networks, e.g. `10.0.0.0/8`; empty: from anywhere. */
  readonly allowedAddresses: readonly string[];
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp | null;
  readonly lastUsedAt: Timestamp | null;
  readonly revokedAt: Timestamp | null;
}

/** With the role that its user has now. */
export type FoundApiKey = ApiKeyRecord & Pick<Principal, 'role'>;

/** Keys of programs; only their hashes are stored. Each change and its fact for the audit are one transaction. */
export abstract class ApiKeyStore {
  abstract add(key: ApiKeyRecord, hash: string, fact: AuditFact): Promise<void>;
  abstract list(userId: UserId, page: Page): Promise<Listing<ApiKeyRecord>>;
  /** That are neither revoked nor expired. */
  abstract count(userId: UserId, now: Timestamp): Promise<number>;
  /** False: not this user's, or revoked already. */
  abstract revoke(key: Pick<ApiKeyRecord, 'userId' | 'id'>, now: Timestamp, fact: AuditFact): Promise<boolean>;
  /** Null when there is none; one that was revoked is found. */
  abstract find(hash: string): Promise<FoundApiKey | null>;
  abstract findById(id: string): Promise<FoundApiKey | null>;
  /** Remembers the use, at most once a minute. */
  abstract used(id: string, now: Timestamp): Promise<void>;
}
