import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';

/** Each role may do what the ones before it may. */
export const roles = ['viewer', 'trader', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What a program's key may do; never more than the role of its user. */
export const apiKeyScopes = ['read', 'trade'] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** Who asks. */
export interface Principal {
  readonly userId: UserId;
  readonly role: Role;
  /** Not there for a person who logged in. */
  readonly apiKey?: { readonly id: string; readonly scopes: readonly ApiKeyScope[] };
  /** The log-in that the token belongs to; not there for a key. */
  readonly sessionId?: string;
  /** When what was shown ends; not there for a key. */
  readonly until?: Timestamp;
}

export const mayActAs = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

/** Which scope a key needs where a person needs the role; null: keys may not do it at all. */
export const scopeFor: Readonly<Record<Role, ApiKeyScope | null>> = { viewer: 'read', trader: 'trade', admin: null };
