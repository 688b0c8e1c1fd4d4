import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';

/** `viewer` looks; `trader` looks and trades; `risk` looks and may halt everybody, and does not trade; `admin` does everything. */
export const roles = ['viewer', 'trader', 'risk', 'admin'] as const;
export type Role = (typeof roles)[number];

/**
 * What a door asks for: to act as a role, or to halt and release (`brake`), or to set the limits of what one may trade, and the
 * timers that end it (`limits`).
 */
export type Right = Role | 'brake' | 'limits';

/** Who has a right. */
export const rolesWith: Readonly<Record<Right, readonly Role[]>> = {
  viewer: roles,
  trader: ['trader', 'admin'],
  brake: ['trader', 'risk', 'admin'],
  limits: ['trader', 'risk', 'admin'],
  risk: ['risk', 'admin'],
  admin: ['admin'],
};

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

export const mayActAs = (role: Role, needed: Right): boolean => rolesWith[needed].includes(role);

/** Which scope a key needs where a person needs the right; null: keys may not do it at all. */
export const scopeFor: Readonly<Record<Right, ApiKeyScope | null>> = {
  viewer: 'read',
  trader: 'trade',
  brake: 'trade',
  limits: 'trade',
  risk: null,
  admin: null,
};

/** What a linked chat may do for somebody: the brake of `risk` is everybody's, and that needs a person who logged in. */
export const chatRoleOf = (role: Role): Exclude<Role, 'risk'> => (role === 'risk' ? 'viewer' : role);
