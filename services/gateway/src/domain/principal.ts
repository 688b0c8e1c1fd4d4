import type { UserId } from '@scalpstorm/model';

/** Each role may do what the ones before it may. */
export const roles = ['viewer', 'trader', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who asks. */
export interface Principal {
  readonly userId: UserId;
  readonly role: Role;
}

export const mayActAs = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);
