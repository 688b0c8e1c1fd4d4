import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sameSecret } from '@scalpstorm/auth';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { passwordFaults } from '../domain/password-policy.js';
import type { Principal, Role } from '../domain/principal.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { AccessTokens } from '../ports/access-tokens.js';
import { GatewaySettings } from '../ports/gateway-settings.js';
import { type Attempt, LoginThrottle } from '../ports/login-throttle.js';
import { Passwords } from '../ports/passwords.js';
import { RefreshTokens, type Session } from '../ports/refresh-tokens.js';
import { type NewUser, type User, type UserChange, UserDirectory } from '../ports/user-directory.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}
export interface UserView {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
}
export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}
/** A log-in that stands. */
export interface OpenSessionView {
  readonly id: string;
  readonly openedAt: string;
  readonly renewedAt: string;
  readonly endsAt: string;
  /** The one that asks. */
  readonly current: boolean;
}
export interface SessionView {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
}

/** Set-up, log-in and log-out; users. Every door calls these very methods. */
@Injectable()
export class Sessions {
  constructor(
    private readonly users: UserDirectory,
    private readonly passwords: Passwords,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly throttle: LoginThrottle,
    private readonly clock: WallClock,
    private readonly log: Log,
    private readonly settings: GatewaySettings,
  ) {}

  async setupState(): Promise<{ needed: boolean }> {
    return { needed: await this.users.isEmpty() };
  }

  async setUp(
    wanted: Credentials & { readonly token: string },
    clientAddress: string,
  ): Promise<SessionView & { user: UserView }> {
    if (!(await this.users.isEmpty())) throw new ProblemRaised(problems.alreadySetUp());
    await this.#count({ account: 'setup', clientAddress });
    if (this.settings.setupToken === null) throw new ProblemRaised(problems.setupDisabled());
    if (!sameSecret(wanted.token, this.settings.setupToken)) throw new ProblemRaised(problems.setupTokenWrong());
    const user = await this.#newUser({ ...wanted, role: 'admin' });
    if (!(await this.users.addFirst(user))) throw new ProblemRaised(problems.alreadySetUp());
    this.log.info({ userId: user.userId }, 'the first user was set up');
    return { ...(await this.#openSession(user)), user: userView(user) };
  }

  async logIn({ email, password }: Credentials, clientAddress: string): Promise<SessionView> {
    const attempt = { account: email.toLowerCase(), clientAddress };
    await this.#count(attempt);
    const user = await this.users.findByEmail(email);
    const right = await this.passwords.verify(password, user?.passwordHash ?? null);
    if (user === null || !right || user.disabled) throw new ProblemRaised(problems.wrongCredentials());
    await this.throttle.succeeded(attempt);
    return this.#openSession(user);
  }

  async refresh(refreshToken: string): Promise<SessionView> {
    const rotation = await this.refreshTokens.rotate(refreshToken, this.clock.now());
    if (rotation.kind === 'superseded') throw new ProblemRaised(problems.refreshSuperseded());
    if (rotation.kind === 'reused') {
      this.log.warn({ userId: rotation.userId }, 'a refresh token was used twice; its session was ended');
    }
    const user = rotation.kind === 'rotated' ? await this.users.findById(rotation.session.userId) : null;
    if (rotation.kind !== 'rotated' || user === null) throw new ProblemRaised(problems.refreshRefused());
    return this.#answer(user, rotation.session);
  }

  logOut(refreshToken: string): Promise<void> {
    return this.refreshTokens.revoke(refreshToken, this.clock.now());
  }

  async me(userId: UserId): Promise<UserView> {
    const user = await this.users.findById(userId);
    if (user === null) throw new ProblemRaised(problems.unauthenticated());
    return userView(user);
  }

  async listSessions({ userId, sessionId: current }: Principal): Promise<readonly OpenSessionView[]> {
    const sessions = await this.refreshTokens.list(userId, this.clock.now());
    return sessions.map(({ sessionId, openedAt, renewedAt, endsAt }) => ({
      id: sessionId,
      openedAt: Timestamp.toIso(openedAt),
      renewedAt: Timestamp.toIso(renewedAt),
      endsAt: Timestamp.toIso(endsAt),
      current: sessionId === current,
    }));
  }

  async endSession({ userId }: Principal, sessionId: string): Promise<void> {
    const ended = await this.refreshTokens.end(userId, sessionId, this.clock.now());
    if (!ended) throw new ProblemRaised(problems.notFound('session'));
  }

  /** Ends every session of the user, this one too, and opens the next: whoever had the old password is out. */
  async changePassword(by: Principal, wanted: PasswordChange, clientAddress: string): Promise<SessionView> {
    const user = await this.users.findById(by.userId);
    if (user === null) throw new ProblemRaised(problems.unauthenticated());
    const attempt = { account: user.email, clientAddress };
    await this.#count(attempt);
    if (!(await this.passwords.verify(wanted.currentPassword, user.passwordHash))) {
      throw new ProblemRaised(problems.invalid([wrongPassword]));
    }
    requireGood(wanted.newPassword, user.email, '/newPassword');
    await this.users.change(user.userId, { passwordHash: await this.passwords.hash(wanted.newPassword) });
    await this.refreshTokens.end(user.userId, null, this.clock.now());
    await this.throttle.succeeded(attempt);
    this.log.info({ userId: user.userId }, 'a password was changed; every session was ended');
    return this.#openSession(user);
  }

  /** A new role counts at once; who is disabled is out at once, with every key. */
  async editUser(by: Principal, id: string, change: Pick<UserChange, 'role' | 'disabled'>): Promise<UserView> {
    const isLess = change.disabled === true || (change.role ?? by.role) !== by.role;
    if (id === by.userId && isLess)
      throw new ProblemRaised(problems.badRequest('Nobody changes their own role or access.'));
    const user = await this.users.change(UserId.of(id), change);
    if (user === null) throw new ProblemRaised(problems.notFound('user'));
    if (user.disabled) await this.refreshTokens.end(user.userId, null, this.clock.now());
    this.log.info({ userId: user.userId, by: by.userId, ...change }, 'a user was changed');
    return userView(user);
  }

  async createUser(by: Principal, wanted: Credentials & { readonly role: Role }): Promise<UserView> {
    const user = await this.#newUser(wanted);
    if (!(await this.users.add(user))) throw new ProblemRaised(problems.emailTaken());
    this.log.info({ userId: user.userId, by: by.userId, role: user.role }, 'a user was created');
    return userView(user);
  }

  async listUsers(): Promise<readonly UserView[]> {
    return (await this.users.all()).map(userView);
  }

  async #newUser(wanted: Credentials & { readonly role: Role }): Promise<NewUser> {
    requireGood(wanted.password, wanted.email, '/password');
    const passwordHash = await this.passwords.hash(wanted.password);
    const userId = UserId.of(`usr_${randomBytes(8).toString('hex')}`);
    return { userId, email: wanted.email.toLowerCase(), passwordHash, role: wanted.role };
  }

  async #openSession(user: Principal): Promise<SessionView> {
    return this.#answer(user, await this.refreshTokens.open(user.userId, this.clock.now()));
  }

  async #answer(user: Principal, { sessionId, refreshToken }: Session): Promise<SessionView> {
    const { token, expiresAt } = await this.accessTokens.issue(user, sessionId);
    return { accessToken: token, refreshToken, expiresAt: Timestamp.toIso(expiresAt) };
  }

  async #count(attempt: Attempt): Promise<void> {
    const seconds = await this.throttle.enter(attempt);
    if (seconds !== null) throw new ProblemRaised(problems.tooManyAttempts(seconds));
  }
}

/** @throws ProblemRaised naming every rule that the password breaks */
function requireGood(password: string, email: string, pointer: string): void {
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

const wrongPassword = {
  pointer: '/currentPassword',
  code: 'PASSWORD_WRONG',
  detail: 'This is not the password that you have.',
  allowed: '',
  next: 'Type the password that you logged in with.',
};

const userView = (user: Omit<User, 'passwordHash' | 'disabled'>): UserView => ({
  id: user.userId,
  email: user.email,
  role: user.role,
});
