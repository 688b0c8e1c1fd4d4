import { isOutcomeUnknown, notLoggedIn, Refused } from '../domain/problem.js';
import type { Session } from '../generated/api.js';
import { CommandKeys } from './command-keys.js';
import { type Asked, request } from './request.js';

const storageKey = 'scalpstorm.session';
const renewBeforeMs = 60_000;

type Listener = () => void;
/** `ended`: the gateway, not the user, has ended it; the page waits for the same user to log in again. */
type State = 'out' | 'open' | 'ended';

/** Who is logged in here. Renews its token by itself shortly before it ends; two callers at once renew once. */
class BrowserSession {
  #session: Session | null = stored();
  #state: State = this.#session === null ? 'out' : 'open';
  #page = 0;
  #renewing: Promise<string> | null = null;
  readonly #changed = new Set<Listener>();
  readonly #left = new Set<Listener>();
  readonly #renewed = new Set<(token: string) => void>();

  readonly state = (): State => this.#state;

  /** Another number for each user that comes and goes: what is shown under one is nobody else's. */
  readonly page = (): number => this.#page;

  readonly onChange = (listener: Listener): Listener => {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  };

  /** Somebody has logged out, or another one has come: nothing of one user is shown to the next. */
  onLeave(listener: Listener): void {
    this.#left.add(listener);
  }

  onRenewal(listener: (token: string) => void): Listener {
    this.#renewed.add(listener);
    return () => this.#renewed.delete(listener);
  }

  /** @param isSameUser as the one whose session has ended: the page goes on */
  open(session: Session, isSameUser = false): void {
    if (!isSameUser) this.#leave();
    this.#keep(session, 'open');
  }

  /** The next session of the same user, where the gateway has ended the one before. */
  replace(session: Session): void {
    this.#keep(session, 'open');
    for (const listener of this.#renewed) listener(session.accessToken);
  }

  /** Without asking anybody: the gateway said that it is over. One that was opened since goes on. */
  end(accessToken: string): void {
    if (accessToken === this.#session?.accessToken) this.#keep(null, 'ended');
  }

  /** @returns whether the page goes on, with a token that may be another; of a session that has ended, as soon as that is known */
  async goesOn(): Promise<boolean> {
    const page = this.#page;
    while (this.#state === 'ended' && this.#page === page) {
      await new Promise<void>((resolve) => {
        const forget = this.onChange(() => {
          forget();
          resolve();
        });
      });
    }
    return this.#state === 'open' && this.#page === page;
  }

  async logOut(): Promise<void> {
    const refreshToken = this.#session?.refreshToken;
    this.#leave();
    this.#keep(null, 'out');
    if (refreshToken === undefined) return;
    // Whether it is heard or not, this window is logged out; the token ends by itself.
    await request({ method: 'POST', path: '/v1/auth/logout', body: { refreshToken } }).catch(() => undefined);
  }

  /** A token that is good for at least another minute. @throws Refused when there is none */
  async token(): Promise<string> {
    if (this.#session === null) throw new Refused(notLoggedIn());
    if (Date.parse(this.#session.expiresAt) - Date.now() > renewBeforeMs) return this.#session.accessToken;
    this.#renewing ??= this.#renew(this.#session.refreshToken).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renew(refreshToken: string): Promise<string> {
    const asked: Asked = { method: 'POST', path: '/v1/auth/refresh', body: { refreshToken } };
    const token = this.#session?.accessToken ?? '';
    try {
      const next = (await request(asked)) as Session;
      this.#keep(next, 'open');
      for (const listener of this.#renewed) listener(next.accessToken);
      return next.accessToken;
    } catch (error) {
      // 409: another window that began as a copy of this one has the newer token.
      if (error instanceof Refused && [401, 409].includes(error.problem.status)) this.end(token);
      throw error;
    }
  }

  #leave(): void {
    this.#page += 1;
    for (const listener of this.#left) listener();
  }

  #keep(session: Session | null, state: State): void {
    this.#session = session;
    this.#state = state;
    try {
      if (session === null) sessionStorage.removeItem(storageKey);
      else sessionStorage.setItem(storageKey, JSON.stringify(session));
    } catch {
      // Without storage the session lives as long as the page.
    }
    for (const listener of [...this.#changed]) listener();
  }
}

function stored(): Session | null {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
    return isSession(found) ? found : null;
  } catch {
    return null;
  }
}

const isSession = (value: unknown): value is Session =>
  typeof value === 'object' && value !== null && 'accessToken' in value && 'refreshToken' in value;

export const session = new BrowserSession();

/**
 * A request of the logged-in user. What is only read waits for who has to log in again, and is read then: no part of the page is
 * lost to a session that ends. A command is refused: whoever comes back looks first, and presses again.
 */
export async function ask<Reply>(asked: Omit<Asked, 'token'>): Promise<Reply> {
  for (;;) {
    let token = '';
    try {
      token = await session.token();
      return (await request({ ...asked, token })) as Reply;
    } catch (error) {
      const isShutOut = error instanceof Refused && error.problem.status === 401;
      if (isShutOut) session.end(token);
      if (!isShutOut && session.state() !== 'ended') throw error;
      if (asked.method !== 'GET' || !(await session.goesOn())) throw error;
    }
  }
}

/** `randomUUID` exists on secure origins only; a phone in the same network may not have one. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const keys = new CommandKeys(randomKey);
session.onLeave(() => keys.forgetAll());

/** Somebody was seen to do something: what is pressed again after it is another command, even where an answer was lost before. */
export const forgetLostCommands = (): void => keys.forgetLost();

/** A change. It carries a key until its outcome is known: pressed once or again, done once, also when the answer was lost on its way. */
export async function command<Reply>(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  version?: number,
): Promise<Reply> {
  const pressed = JSON.stringify([method, path, body, version]);
  const idempotencyKey = keys.keyFor(pressed, Date.now());
  try {
    const reply = await ask<Reply>({
      method,
      path,
      body,
      idempotencyKey,
      ...(version === undefined ? {} : { version }),
    });
    keys.done(pressed);
    return reply;
  } catch (error) {
    if (isOutcomeUnknown(error)) keys.lost(pressed);
    else keys.refused(pressed);
    throw error;
  }
}
