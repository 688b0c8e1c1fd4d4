import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { UserId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { auditFacts } from '../domain/audit-fact.js';
import type { Listing, Page } from '../domain/cursor.js';
import { passwordFaults } from '../domain/password-policy.js';
import type { Principal, Role } from '../domain/principal.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { Passwords } from '../ports/passwords.js';
import { RefreshTokens } from '../ports/refresh-tokens.js';
import { type NewUser, type User, type UserChange, UserDirectory } from '../ports/user-directory.js';
import { Departures } from './departures.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}
export type WantedUser = Credentials & { readonly role: Role };
export interface UserView {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  /** May not come in, until enabled again. */
  readonly disabled: boolean;
}

/** Who may come in, and as what. Every door calls these very methods. */
@Injectable()
export class Users {
  constructor(
    private readonly directory: UserDirectory,
    private readonly passwords: Passwords,
    private readonly refreshTokens: RefreshTokens,
    private readonly departures: Departures,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  async me(userId: UserId): Promise<UserView> {
    const user = await this.directory.findById(userId);
    if (user === null) throw new ProblemRaised(problems.unauthenticated());
    return userView(user);
  }

  async list(page: Page): Promise<Listing<UserView>> {
    const listing = await this.directory.page(page);
    return { ...listing, data: listing.data.map(userView) };
  }

  /** The one who sets the platform up. */
  async createFirst(wanted: Credentials): Promise<User> {
    const user = await this.#prepared({ ...wanted, role: 'admin' });
    const fact = auditFacts.userCreated(user.userId, user.userId, user.role);
    if (!(await this.directory.addFirst(user, fact))) throw new ProblemRaised(problems.alreadySetUp());
    this.log.info({ userId: user.userId }, 'the first user was set up');
    return { ...user, disabled: false };
  }

  async create(by: Principal, wanted: WantedUser): Promise<UserView> {
    const user = await this.#prepared(wanted);
    const fact = auditFacts.userCreated(by.userId, user.userId, user.role);
    if (!(await this.directory.add(user, fact))) throw new ProblemRaised(problems.emailTaken());
    this.log.info({ userId: user.userId, by: by.userId, role: user.role }, 'a user was created');
    return userView({ ...user, disabled: false });
  }

  /** A new role counts at once; who is disabled is out at once, with every stream and key. */
  async edit(by: Principal, id: string, change: Pick<UserChange, 'role' | 'disabled'>): Promise<UserView> {
    const isLess = change.disabled === true || (change.role ?? by.role) !== by.role;
    if (id === by.userId && isLess)
      throw new ProblemRaised(problems.badRequest('Nobody changes their own role or access.'));
    const user = await this.directory.change(UserId.of(id), change, auditFacts.userChanged(by, id, change));
    if (user === null) throw new ProblemRaised(problems.notFound('user'));
    if (user === 'last-administrator') throw new ProblemRaised(problems.lastAdministrator());
    if (user.disabled) {
      const fact = auditFacts.sessionsEnded(by, user.userId, null);
      await this.refreshTokens.end(user.userId, null, this.clock.now(), fact);
    }
    this.departures.tell();
    this.log.info({ userId: user.userId, by: by.userId, ...change }, 'a user was changed');
    return userView(user);
  }

  async #prepared(wanted: WantedUser): Promise<NewUser> {
    requireGood(wanted.password, wanted.email, '/password');
    const passwordHash = await this.passwords.hash(wanted.password);
    const userId = UserId.of(`usr_${randomBytes(8).toString('hex')}`);
    return { userId, email: wanted.email.toLowerCase(), passwordHash, role: wanted.role };
  }
}

/** @throws ProblemRaised naming every rule that the password breaks */
export function requireGood(password: string, email: string, pointer: string): void {
  const faults = passwordFaults(password, email);
  if (faults.length === 0) return;
  const details = faults.map(({ code, text, rule }) => ({
    pointer,
    code,
    detail: text,
    allowed: rule,
    next: 'Choose another password.',
  }));
  throw new ProblemRaised(problems.invalid(details));
}

export const userView = ({ userId, email, role, disabled }: Omit<User, 'passwordHash'>): UserView => ({
  id: userId,
  email,
  role,
  disabled,
});
