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
import { type NewUser, type User, UserDirectory } from '../ports/user-directory.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}
export interface UserView {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
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
    if (user === null || !right) throw new ProblemRaised(problems.wrongCredentials());
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
    const faults = passwordFaults(wanted.password, wanted.email);
    if (faults.length > 0) {
      const details = faults.map(({ code, text, rule }) => ({
        pointer: '/password',
        code,
        detail: text,
        allowed: rule,
        next: 'Choose another password.',
      }));
      throw new ProblemRaised(problems.invalid(details));
    }
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

const userView = (user: Omit<User, 'passwordHash'>): UserView => ({
  id: user.userId,
  email: user.email,
  role: user.role,
});
