import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { exitCodes, Failure } from './failure.js';
import type { Environment, Profile, ProfileStore } from './profile-store.js';
import { swept } from './swept.js';

export const defaultUrl = 'http://127.0.0.1:3000';
const requestMs = 20_000;
/** An access token is renewed when it has less than this to live. */
const renewBeforeMs = 30_000;
/** Whoever waits at a terminal does not wait longer for a repeat. */
const repeatAfterMsMax = 10_000;
const pagesMax = 1_000;
export const pageSizeMax = 500;

export type Row = Readonly<Record<string, unknown>>;
export interface Listing {
  readonly data: readonly Row[];
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
}
export type Query = Readonly<Record<string, string | number | undefined>>;

const listing = z.object({
  data: z.array(z.record(z.string(), z.unknown())),
  hasMore: z.boolean(),
  nextCursor: z.string().nullable(),
});
const sessionReply = z.object({ accessToken: z.string(), refreshToken: z.string(), expiresAt: z.string() });
const problem = z.object({
  code: z.string(),
  detail: z.string(),
  request_id: z.string().optional(),
  errors: z
    .array(
      z.object({ pointer: z.string(), code: z.string(), detail: z.string(), allowed: z.string(), next: z.string() }),
    )
    .default([]),
});

/** The gateway, as whoever is logged in. */
export class ApiClient {
  readonly url: string;
  readonly #fixedToken: string | null;

  constructor(
    private readonly profiles: ProfileStore,
    environment: Environment,
    private readonly options: ApiClientOptions = {},
  ) {
    const given = options.url ?? environment['SCALPSTORM_URL'] ?? profiles.read()?.url ?? defaultUrl;
    this.url = given.replace(/\/+$/, '');
    this.#fixedToken = environment['SCALPSTORM_TOKEN'] || null;
  }

  async logIn(email: string, password: string): Promise<Profile> {
    const reply = sessionReply.parse(await this.#send('POST', '/v1/auth/login', { body: { email, password } }));
    return this.#keep(email, reply);
  }

  /** Keeps a token that is not renewed, after the gateway has said whose it is. */
  async useToken(token: string): Promise<Profile> {
    const user = z.object({ email: z.string() }).parse(await this.#send('GET', '/v1/me', { token }));
    const profile = { url: this.url, email: user.email, token, refreshToken: null, expiresAt: null };
    this.profiles.write(profile);
    return profile;
  }

  /** Ends the session on both sides; the profile is gone even if the gateway is away. */
  async logOut(): Promise<boolean> {
    const profile = this.profiles.read();
    if (profile === null) return false;
    this.profiles.remove();
    if (profile.refreshToken === null) return true;
    await this.#send('POST', '/v1/auth/logout', { body: { refreshToken: profile.refreshToken } });
    return true;
  }

  /** Ends every session; the one that takes their place is kept where this one was. False: it came from elsewhere and is not. */
  async changePassword(wanted: { readonly currentPassword: string; readonly newPassword: string }): Promise<boolean> {
    const token = await this.token();
    const reply = sessionReply.parse(await this.#send('POST', '/v1/me/password', { token, body: wanted }));
    if (this.#fixedToken !== null) return false;
    this.#keep(this.profiles.read()?.email ?? null, reply);
    return true;
  }

  /** A token that is good for a while. @throws Failure NOT_LOGGED_IN */
  async token(): Promise<string> {
    if (this.#fixedToken !== null) return this.#fixedToken;
    const profile = this.profiles.read();
    if (profile === null) throw notLoggedIn('Nobody is logged in.');
    // A token is for the gateway that gave it, and for no other.
    if (profile.url !== this.url) throw notLoggedIn(`The log-in is for ${profile.url}, not for ${this.url}.`);
    const { expiresAt } = profile;
    if (expiresAt === null || Date.parse(expiresAt) - Date.now() > renewBeforeMs) return profile.token;
    return this.#renew(profile);
  }

  async get(path: string, query: Query = {}): Promise<unknown> {
    return this.#send('GET', withQuery(path, query), { token: await this.token() });
  }

  async send(method: 'POST' | 'PATCH' | 'DELETE' | 'PUT', path: string, body?: unknown): Promise<unknown> {
    const request = { token: await this.token(), body, key: crypto.randomUUID() };
    try {
      return await this.#send(method, path, request);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      this.options.onRepeat?.(error);
      await delay(Math.min(error.retryAfterMs, repeatAfterMsMax));
    }
    // Under the same key, so that it is done once even if the first one was, too.
    return this.#send(method, path, request);
  }

  async list(path: string, query: Query = {}): Promise<Listing> {
    return listing.parse(await this.get(path, query));
  }

  /** Every row of a list, page by page. */
  async all(path: string, query: Query = {}): Promise<Listing> {
    const data: Row[] = [];
    let after: string | undefined;
    for (let page = 0; page < pagesMax; page += 1) {
      const found = await this.list(path, { ...query, limit: pageSizeMax, after });
      data.push(...found.data);
      if (found.nextCursor === null) return { data, hasMore: false, nextCursor: null };
      after = found.nextCursor;
    }
    return { data, hasMore: true, nextCursor: after ?? null };
  }

  /** A request without a log-in, for the doctor: status, headers and text, whatever they are. */
  async bare(path: string): Promise<Response> {
    return this.#fetch('GET', path, {});
  }

  async #renew({ email, refreshToken }: Profile): Promise<string> {
    if (refreshToken === null) throw notLoggedIn('The token has expired.');
    try {
      const reply = await this.#send('POST', '/v1/auth/refresh', { body: { refreshToken } });
      return this.#keep(email, sessionReply.parse(reply)).token;
    } catch (error) {
      const newer = this.profiles.read();
      // Another run of this program was quicker; its token is good.
      if (newer !== null && newer.refreshToken !== refreshToken) return newer.token;
      throw error;
    }
  }

  #keep(email: string | null, reply: z.infer<typeof sessionReply>): Profile {
    const { accessToken, refreshToken, expiresAt } = reply;
    const profile = { url: this.url, email, token: accessToken, refreshToken, expiresAt };
    this.profiles.write(profile);
    return profile;
  }

  async #send(method: string, path: string, request: Sent): Promise<unknown> {
    const response = await this.#fetch(method, path, request);
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : null;
    if (response.ok) return json;
    const told = problem.safeParse(json);
    const { status } = response;
    if (!told.success) {
      throw new Failure('UNEXPECTED_ANSWER', `${this.url}${path} answered with ${status}.`, {
        exitCode: status >= 502 ? exitCodes.unreachable : exitCodes.failed,
        next: 'check that the address is that of a Scalpstorm gateway: scalpstorm doctor',
      });
    }
    const { code, detail, errors, request_id } = told.data;
    const about = { exitCode: exitCodeOf(status), faults: errors, requestId: request_id ?? null };
    const isCommand = method !== 'GET' && request.key !== undefined;
    if (code !== 'SERVICE_UNAVAILABLE' || !isCommand) throw new Failure(code, detail, about);
    const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1_000;
    throw new Unanswered(
      detail,
      { ...about, ...unansweredHints, swept: swept.safeParse(json).data ?? null },
      retryAfterMs,
    );
  }

  async #fetch(method: string, path: string, { token, body, key }: Sent): Promise<Response> {
    try {
      return await fetch(`${this.url}${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        signal: AbortSignal.timeout(requestMs),
        redirect: 'error',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw unreachable(this.url, cause);
    }
  }
}

export interface ApiClientOptions {
  readonly url?: string;
  /** A command that a part of the platform did not answer is asked once more. */
  readonly onRepeat?: (failure: Failure) => void;
}

/** The key is this program's own, so the step that the API proposes is not one that its user could take. */
const unansweredHints = {
  faults: [],
  next: 'look whether it was done before you ask again; scalpstorm doctor says what does not answer',
} as const;

/** Nobody knows whether the command took effect. */
class Unanswered extends Failure {
  constructor(
    message: string,
    details: ConstructorParameters<typeof Failure>[2],
    readonly retryAfterMs: number,
  ) {
    super('SERVICE_UNAVAILABLE', message, details);
  }
}

interface Sent {
  readonly token?: string;
  readonly body?: unknown;
  readonly key?: string;
}

function exitCodeOf(status: number) {
  if (status === 401) return exitCodes.notLoggedIn;
  if (status >= 502) return exitCodes.unreachable;
  return status >= 500 ? exitCodes.failed : exitCodes.refused;
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

export const notLoggedIn = (text: string): Failure =>
  new Failure('NOT_LOGGED_IN', text, {
    exitCode: exitCodes.notLoggedIn,
    next: 'scalpstorm login, or set SCALPSTORM_TOKEN',
  });

export function unreachable(url: string, cause: unknown): Failure {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = inner instanceof Error ? ('code' in inner ? String(inner.code) : inner.message) : String(inner);
  return new Failure('UNREACHABLE', `${url} does not answer (${why}).`, {
    exitCode: exitCodes.unreachable,
    next: 'start the platform with npm start, or name another address with --url or SCALPSTORM_URL',
    cause,
  });
}
