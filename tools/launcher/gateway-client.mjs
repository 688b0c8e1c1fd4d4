import { Failure } from '../failure.mjs';

const requestMs = 20_000;
const pageSize = 500;
const pagesMax = 50;

/**
 * The gateway's API as the launcher uses it.
 * @param {string} address such as http://127.0.0.1:3000
 */
export function createGatewayClient(address) {
  let token;

  const request = async (method, path, body) => {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(requestMs),
    });
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
    createBot: (bot) => request('POST', '/v1/bots', bot),
    command: (id, verb) => request('POST', `/v1/bots/${encodeURIComponent(id)}/${verb}`, {}),
    openOrders: () => all('/v1/orders?status=open'),
    reconciliation: () => request('GET', '/v1/reconciliation'),
  };
}
