import { Injectable } from '@nestjs/common';
import { sameSecret } from '@scalpstorm/auth';
import { Timestamp } from '@scalpstorm/kernel';
import { Log, WallClock } from '@scalpstorm/observability';
import { auditFacts } from '../domain/audit-fact.js';
import type { Principal } from '../domain/principal.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { AccessTokens } from '../ports/access-tokens.js';
import { AuditLog } from '../ports/audit-log.js';
import { GatewaySettings } from '../ports/gateway-settings.js';
import { type Attempt, LoginThrottle } from '../ports/login-throttle.js';
import { Passwords } from '../ports/passwords.js';
import { RefreshTokens, type Session } from '../ports/refresh-tokens.js';
import { UserDirectory } from '../ports/user-directory.js';
import { Departures } from './departures.js';
import { type Credentials, requireGood, Users, type UserView, userView } from './users.js';

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
/** Where from, and by what. */
type LogInWay = Omit<Parameters<typeof auditFacts.loggedIn>[0], 'userId'>;

export interface SessionView {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
}

/** Set-up, log-in and log-out. Every door calls these very methods. */
@Injectable()
export class Sessions {
  constructor(
    private readonly people: Users,
    private readonly users: UserDirectory,
    private readonly passwords: Passwords,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly throttle: LoginThrottle,
    private readonly departures: Departures,
    private readonly audit: AuditLog,
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
    const user = await this.people.createFirst(wanted);
    return { ...(await this.#openSession(user, { clientAddress, by: 'set-up' })), user: userView(user) };
  }

  async logIn({ email, password }: Credentials, clientAddress: string): Promise<SessionView> {
    const attempt = { account: email.toLowerCase(), clientAddress };
    await this.#count(attempt);
    const user = await this.users.findByEmail(email);
    const right = await this.passwords.verify(password, user?.passwordHash ?? null);
    if (user === null || !right || user.disabled) {
      await this.audit.record(auditFacts.logInFailed(user?.userId ?? null, clientAddress));
      throw new ProblemRaised(problems.wrongCredentials());
    }
    await this.throttle.succeeded(attempt);
    return this.#openSession(user, { clientAddress, by: 'password' });
  }

  async refresh(refreshToken: string): Promise<SessionView> {
    const rotation = await this.refreshTokens.rotate(refreshToken, this.clock.now());
    if (rotation.kind === 'superseded') throw new ProblemRaised(problems.refreshSuperseded());
    if (rotation.kind === 'reused') {
      this.departures.tell();
      this.log.warn({ userId: rotation.userId }, 'a refresh token was used twice; its session was ended');
    }
    const user = rotation.kind === 'rotated' ? await this.users.findById(rotation.session.userId) : null;
    if (rotation.kind !== 'rotated' || user === null) throw new ProblemRaised(problems.refreshRefused());
    return this.#answer(user, rotation.session);
  }

  async logOut(refreshToken: string): Promise<void> {
    await this.refreshTokens.revoke(refreshToken, this.clock.now());
    this.departures.tell();
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

  async endSession(by: Principal, sessionId: string): Promise<void> {
    const { userId } = by;
    const fact = auditFacts.sessionsEnded(by, userId, sessionId);
    const ended = await this.refreshTokens.end(userId, sessionId, this.clock.now(), fact);
    if (!ended) throw new ProblemRaised(problems.notFound('session'));
    this.departures.tell();
  }

  /** Ends every session of the user, this one too, and opens the next: whoever had the old password is out. */
  async changePassword(by: Principal, wanted: PasswordChange, clientAddress: string): Promise<SessionView> {
    const user = await this.users.findById(by.userId);
    if (user === null) throw new ProblemRaised(problems.unauthenticated());
    const attempt = { account: user.email, clientAddress };
    await this.#count(attempt);
    if (!(await this.passwords.verify(wanted.currentPassword, user.passwordHash))) {
      await this.audit.record(auditFacts.passwordChangeFailed(user.userId, clientAddress));
      throw new ProblemRaised(problems.invalid([wrongPassword]));
    }
    requireGood(wanted.newPassword, user.email, '/newPassword');
    const passwordHash = await this.passwords.hash(wanted.newPassword);
    await this.users.change(user.userId, { passwordHash }, auditFacts.passwordChanged(user.userId, clientAddress));
    const ended = auditFacts.sessionsEnded(by, user.userId, null);
    await this.refreshTokens.end(user.userId, null, this.clock.now(), ended);
    this.departures.tell();
    await this.throttle.succeeded(attempt);
    this.log.info({ userId: user.userId }, 'a password was changed; every session was ended');
    return this.#openSession(user, { clientAddress, by: 'new-password' });
  }

  async #openSession(user: Principal, how: LogInWay): Promise<SessionView> {
    const { userId } = user;
    const factOf = (sessionId: string) => auditFacts.loggedIn({ userId, ...how }, sessionId);
    return this.#answer(user, await this.refreshTokens.open(userId, this.clock.now(), factOf));
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

const wrongPassword = {
  pointer: '/currentPassword',
  code: 'PASSWORD_WRONG',
  detail: 'This is not the password that you have.',
  allowed: '',
  next: 'Type the password that you logged in with.',
};
