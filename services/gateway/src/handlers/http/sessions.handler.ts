import { randomBytes } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { sameSecret } from '@scalpstorm/auth';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { passwordFaults } from '../../domain/password-policy.js';
import type { Principal } from '../../domain/principal.js';
import { ProblemRaised, problems } from '../../domain/problem.js';
import { AccessTokens } from '../../ports/access-tokens.js';
import { GatewaySettings } from '../../ports/gateway-settings.js';
import { type Attempt, LoginThrottle } from '../../ports/login-throttle.js';
import { Passwords } from '../../ports/passwords.js';
import { RefreshTokens, type Session } from '../../ports/refresh-tokens.js';
import { type NewUser, type User, UserDirectory } from '../../ports/user-directory.js';
import type { Call, PublicCall, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

type SessionReply = ReplyOf<typeof routes.logIn>;

/** Set-up, log-in and log-out. */
@Controller()
export class SessionsHandler {
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

  @Serves(routes.setupState)
  async setupState(): Promise<ReplyOf<typeof routes.setupState>> {
    return { needed: await this.users.isEmpty() };
  }

  @Serves(routes.setUp)
  async setUp(@Asked() call: PublicCall<typeof routes.setUp>): Promise<ReplyOf<typeof routes.setUp>> {
    if (!(await this.users.isEmpty())) throw new ProblemRaised(problems.alreadySetUp());
    const attempt = { account: 'setup', clientAddress: call.clientAddress };
    await this.#count(attempt);
    if (this.settings.setupToken === null) throw new ProblemRaised(problems.setupDisabled());
    if (!sameSecret(call.body.token, this.settings.setupToken)) throw new ProblemRaised(problems.setupTokenWrong());
    const user = await this.#newUser({ ...call.body, role: 'admin' });
    if (!(await this.users.addFirst(user))) throw new ProblemRaised(problems.alreadySetUp());
    this.log.info({ userId: user.userId }, 'the first user was set up');
    return { ...(await this.#openSession(user)), user: userOf(user) };
  }

  @Serves(routes.logIn)
  async logIn(@Asked() call: PublicCall<typeof routes.logIn>): Promise<SessionReply> {
    const { email, password } = call.body;
    const attempt = { account: email.toLowerCase(), clientAddress: call.clientAddress };
    await this.#count(attempt);
    const user = await this.users.findByEmail(email);
    const right = await this.passwords.verify(password, user?.passwordHash ?? null);
    if (user === null || !right) throw new ProblemRaised(problems.wrongCredentials());
    await this.throttle.succeeded(attempt);
    return this.#openSession(user);
  }

  @Serves(routes.refresh)
  async refresh(@Asked() call: PublicCall<typeof routes.refresh>): Promise<SessionReply> {
    const rotation = await this.refreshTokens.rotate(call.body.refreshToken, this.clock.now());
    if (rotation.kind === 'superseded') throw new ProblemRaised(problems.refreshSuperseded());
    if (rotation.kind === 'reused') {
      this.log.warn({ userId: rotation.userId }, 'a refresh token was used twice; its session was ended');
    }
    const user = rotation.kind === 'rotated' ? await this.users.findById(rotation.session.userId) : null;
    if (rotation.kind !== 'rotated' || user === null) throw new ProblemRaised(problems.refreshRefused());
    return this.#answer(user, rotation.session);
  }

  @Serves(routes.logOut)
  async logOut(@Asked() call: PublicCall<typeof routes.logOut>): Promise<null> {
    await this.refreshTokens.revoke(call.body.refreshToken, this.clock.now());
    return null;
  }

  @Serves(routes.me)
  async me(@Asked() call: Call<typeof routes.me>): Promise<ReplyOf<typeof routes.me>> {
    const user = await this.users.findById(call.user.userId);
    if (user === null) throw new ProblemRaised(problems.unauthenticated());
    return userOf(user);
  }

  @Serves(routes.createUser)
  async createUser(@Asked() call: Call<typeof routes.createUser>): Promise<ReplyOf<typeof routes.createUser>> {
    const user = await this.#newUser(call.body);
    if (!(await this.users.add(user))) throw new ProblemRaised(problems.emailTaken());
    this.log.info({ userId: user.userId, by: call.user.userId, role: user.role }, 'a user was created');
    return userOf(user);
  }

  async #newUser(wanted: { email: string; password: string; role: NewUser['role'] }): Promise<NewUser> {
    const faults = passwordFaults(wanted.password, wanted.email);
    if (faults.length > 0) {
      throw new ProblemRaised(
        problems.invalid(
          faults.map(({ code, text, rule }) => ({
            pointer: '/password',
            code,
            detail: text,
            allowed: rule,
            next: 'Choose another password.',
          })),
        ),
      );
    }
    const passwordHash = await this.passwords.hash(wanted.password);
    const userId = UserId.of(`usr_${randomBytes(8).toString('hex')}`);
    return { userId, email: wanted.email.toLowerCase(), passwordHash, role: wanted.role };
  }

  async #openSession(user: Principal): Promise<SessionReply> {
    return this.#answer(user, await this.refreshTokens.open(user.userId, this.clock.now()));
  }

  async #answer(user: Principal, { sessionId, refreshToken }: Session): Promise<SessionReply> {
    const { token, expiresAt } = await this.accessTokens.issue(user, sessionId);
    return { accessToken: token, refreshToken, expiresAt: Timestamp.toIso(expiresAt) };
  }

  async #count(attempt: Attempt): Promise<void> {
    const seconds = await this.throttle.enter(attempt);
    if (seconds !== null) throw new ProblemRaised(problems.tooManyAttempts(seconds));
  }
}

const userOf = (user: Omit<User, 'passwordHash'>) => ({ id: user.userId, email: user.email, role: user.role });
