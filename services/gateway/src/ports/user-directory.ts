import type { UserId } from '@scalpstorm/model';
import type { Principal, Role } from '../domain/principal.js';

export interface User extends Principal {
  readonly email: string;
  readonly passwordHash: string;
}
export interface NewUser {
  readonly userId: UserId;
  readonly email: string;
  readonly passwordHash: string;
  readonly role: Role;
}

/** The users. E-mails are compared in small letters. */
export abstract class UserDirectory {
  abstract isEmpty(): Promise<boolean>;
  /** False when there is a user already; of two at once exactly one succeeds. */
  abstract addFirst(user: NewUser): Promise<boolean>;
  /** False when the e-mail is taken. */
  abstract add(user: NewUser): Promise<boolean>;
  /** Oldest first, at most a thousand. */
  abstract all(): Promise<readonly User[]>;
  abstract findByEmail(email: string): Promise<User | null>;
  abstract findById(userId: UserId): Promise<User | null>;
}
