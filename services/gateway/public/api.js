/** What the server said no with; `problem` is its problem+json. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.name = 'Refused';
    this.problem = problem;
  }
}

const key = 'scalpstorm.session';
const renewBeforeMs = 60_000;
const requestMs = 20_000;

let session = read();
let renewing = null;
let onEnd = () => {};
let onRenew = () => {};

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function keep(next) {
  session = next;
  try {
    if (next === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(next));
  } catch {
    // Without storage the session lives as long as the page.
  }
}

export const isLoggedIn = () => session !== null;
export function watchSession({ ended, renewed }) {
  onEnd = ended;
  onRenew = renewed;
}

async function send(method, path, { body, token, idempotencyKey } = {}) {
  const headers = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token) headers.authorization = `Bearer ${token}`;
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey;
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(requestMs),
    });
  } catch {
    throw new Refused({
      code: 'OFFLINE',
      title: 'The gateway cannot be reached',
      detail: 'The gateway cannot be reached. Is it running?',
      status: 0,
    });
  }
  const text = await response.text();
  const answer = text === '' ? null : parse(text);
  if (response.ok) return answer;
  throw new Refused(answer ?? { code: 'UNREADABLE', title: 'The answer cannot be read', status: response.status });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const setupNeeded = async () => (await send('GET', '/v1/setup')).needed;

export async function setUp(body) {
  keep(sessionOf(await send('POST', '/v1/setup', { body })));
}

export async function logIn(body) {
  keep(sessionOf(await send('POST', '/v1/auth/login', { body })));
}

const sessionOf = ({ accessToken, refreshToken, expiresAt }) => ({ accessToken, refreshToken, expiresAt });

export async function logOut() {
  const refreshToken = session?.refreshToken;
  keep(null);
  if (refreshToken) await send('POST', '/v1/auth/logout', { body: { refreshToken } }).catch(() => {});
  onEnd();
}

/** A token that is good for at least another minute. */
export async function accessToken() {
  if (session === null) throw new Refused({ code: 'UNAUTHENTICATED', title: 'Log in first', status: 401 });
  if (Date.parse(session.expiresAt) - Date.now() > renewBeforeMs) return session.accessToken;
  renewing ??= renew().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function renew() {
  try {
    const { refreshToken } = session;
    keep(sessionOf(await send('POST', '/v1/auth/refresh', { body: { refreshToken } })));
    onRenew(session.accessToken);
    return session.accessToken;
  } catch (error) {
    // 409: another window that began as a copy of this one has the newer token.
    if (error instanceof Refused && (error.problem.status === 401 || error.problem.status === 409)) {
      keep(null);
      onEnd();
    }
    throw error;
  }
}

/** A request of the logged-in user. A command carries a key of its own, so that a repeat is harmless. */
export async function call(method, path, body) {
  const token = await accessToken();
  const idempotencyKey = method === 'GET' ? undefined : crypto.randomUUID?.();
  try {
    return await send(method, path, { body, token, idempotencyKey });
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 401) {
      keep(null);
      onEnd();
    }
    throw error;
  }
}
