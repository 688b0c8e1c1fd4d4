import type { UserId } from '@scalpstorm/model';
import type { AuditFact } from '../domain/audit-fact.js';
import type { Listing, Page } from '../domain/cursor.js';
import type { Principal, Role } from '../domain/principal.js';

export interface User extends Principal {
  readonly email: string;
  readonly passwordHash: string;
  readonly disabled: boolean;
}
export interface NewUser {
  readonly userId: UserId;
  readonly email: string;
  readonly passwordHash: string;
  readonly role: Role;
}

/** What is not there stays as it is. */
export interface UserChange {
  readonly role?: Role;
  readonly disabled?: boolean;
  readonly passwordHash?: string;
}

/** The users. E-mails are compared in small letters. Each change and its fact for the audit are one transaction; what changes nothing has none. */
export abstract class UserDirectory {
  abstract isEmpty(): Promise<boolean>;
  /** False when there is a user already; of two at once exactly one succeeds. */
  abstract addFirst(user: NewUser, fact: AuditFact): Promise<boolean>;
  /** False when the e-mail is taken. */
  abstract add(user: NewUser, fact: AuditFact): Promise<boolean>;
  /** Newest first. */
  abstract page(page: Page): Promise<Listing<User>>;
  /** Null: there is no such user. `last-administrator`: nothing was changed, because nobody else is one and enabled. */
  abstract change(userId: UserId, change: UserChange, fact: AuditFact): Promise<User | null | 'last-administrator'>;
  abstract findByEmail(email: string): Promise<User | null>;
  abstract findById(userId: UserId): Promise<User | null>;
}
