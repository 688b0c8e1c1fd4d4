import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../failure.mjs';

const requestMs = 20_000;
const pageSize = 500;
const pagesMax = 50;
const attemptsMax = 6;
const attemptPauseMs = 500;
/** Seconds; the gateway counts requests in windows of ten. Whoever is told to wait longer tells it. */
const retryAfterMax = 10;

/** Null: asking again is no use. */
function pauseBefore({ status, headers }, attempt, key) {
  // So many demo bots are more than one user may ask for at once: the answer says when there is room again.
  const seconds = status === 429 ? Number(headers.get('retry-after') ?? 1) : Number.POSITIVE_INFINITY;
  if (seconds <= retryAfterMax) return Math.max(1, seconds) * 1_000;
  // A part that did not answer in time may have done it all the same: the same key asks for the same thing once.
  return status === 503 && key !== undefined ? attempt * attemptPauseMs : null;
}

/**
 * The gateway's API as the launcher uses it.
 * @param {string} address such as http://127.0.0.1:3000
 */
export function createGatewayClient(address) {
  let token;

  const send = (method, path, { body, key }) =>
    fetch(`${address}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(requestMs),
    });

  const request = async (method, path, body, key) => {
    let response = await send(method, path, { body, key });
    for (let attempt = 1; attempt < attemptsMax; attempt += 1) {
      const pauseMs = pauseBefore(response, attempt, key);
      if (pauseMs === null) break;
      await response.body?.cancel();
      await delay(pauseMs);
      response = await send(method, path, { body, key });
    }
    const text = await response.text();
    if (!response.ok) {
      throw new Failure('GATEWAY_REFUSED', `${method} ${path} was answered with ${response.status}.`, {
        where: `${address}${path}`,
        details: [text.slice(0, 600)],
        next: 'read the log of the gateway',
      });
    }
    return text === '' ? undefined : JSON.parse(text);
  };

  /** Every row of a list, page by page. */
  const all = async (path) => {
    const rows = [];
    for (let page = 1, cursor; page <= pagesMax; page += 1) {
      const query = new URLSearchParams({
        limit: String(pageSize),
        ...(cursor === undefined ? {} : { after: cursor }),
      });
      const { data, nextCursor } = await request('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`);
      rows.push(...data);
      if (nextCursor === null) return rows;
      cursor = nextCursor;
    }
    return rows;
  };

  return {
    address,
    setUp: ({ token: setupToken, email, password }) =>
      request('POST', '/v1/setup', { token: setupToken, email, password }),
    logIn: async ({ email, password }) => {
      token = undefined;
      token = (await request('POST', '/v1/auth/login', { email, password })).accessToken;
    },
    bots: () => all('/v1/bots'),
    instruments: async () => (await request('GET', '/v1/instruments')).data,
    createBot: (bot) => request('POST', '/v1/bots', bot, randomUUID()),
    command: (id, verb) => request('POST', `/v1/bots/${encodeURIComponent(id)}/${verb}`, {}, randomUUID()),
    journal: (id) => all(`/v1/bots/${encodeURIComponent(id)}/journal`),
    openOrders: () => all('/v1/orders?status=open'),
    tradingState: () => request('GET', '/v1/trading-state'),
    halt: (text) => request('POST', '/v1/halt', { text }, randomUUID()),
    release: (text) => request('POST', '/v1/release', { text }, randomUUID()),
    reconciliation: () => request('POST', '/v1/reconciliation', {}, randomUUID()),
    auditChains: async () => (await request('GET', '/v1/audit')).data,
    verifyAudit: (part) => request('POST', '/v1/audit/verify', part),
  };
}
