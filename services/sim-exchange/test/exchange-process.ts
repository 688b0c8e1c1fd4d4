import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type ccxt from 'ccxt';
import { readOptions } from '../src/options.js';
import { type Announcement, type SimExchange, startSimExchange } from '../src/sim-exchange.module.js';

/** The exchange as the command starts it, with the market running. */
export async function startExchange(...args: string[]): Promise<SimExchange> {
  const options = readOptions(['--port', '0', '--seed', '1', '--admin', ...args], {});
  if (options === null) throw new Error('asked for help');
  const exchange = await startSimExchange(options);
  void exchange.run();
  return exchange;
}

export type CcxtBinance = InstanceType<typeof ccxt.pro.binance>;

/** ccxt's own class, unmodified; only the addresses are ours. */
export async function ccxtClient(at: Announcement): Promise<CcxtBinance> {
  const folder = dirname(dirname(createRequire(import.meta.url).resolve('ccxt')));
  const module = (await import(pathToFileURL(`${folder}/js/src/pro/binance.js`).href)) as {
    default: new (config: object) => CcxtBinance;
  };
  const client = new module.default({
    ...at.account,
    enableRateLimit: false,
    options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] } },
  });
  const api = client.urls['api'] as Record<string, unknown> & { ws: Record<string, Record<string, unknown>> };
  client.urls['api'] = {
    ...api,
    public: `${at.rest}/api/v3`,
    private: `${at.rest}/api/v3`,
    sapi: `${at.rest}/sapi/v1`,
    ws: { ...api.ws, spot: at.spotWs, 'ws-api': { ...api.ws['ws-api'], spot: at.wsApi } },
  };
  await client.loadHttpProxyAgent();
  await client.loadMarkets();
  return client;
}

export interface RawAnswer {
  readonly status: number;
  // The wire's JSON, read field by field in the specs.
  readonly body: Record<string, unknown>;
}

/** Requests signed by hand, so that each part can be made wrong. */
export function rawClient({ rest, account }: Announcement) {
  const send = async (method: string, path: string, init: RequestInit = {}): Promise<RawAnswer> => {
    const answer = await fetch(`${rest}${path}`, { method, ...init });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const signed = (
    method: string,
    path: string,
    params: Record<string, string | number>,
    more: { secret?: string; apiKey?: string } = {},
  ): Promise<RawAnswer> => {
    // The longest that there is, so that a machine which stands still is late for none, unless the time itself is what is tried.
    const now = 'timestamp' in params ? {} : { timestamp: Date.now(), recvWindow: 60_000 };
    const payload = new URLSearchParams(
      Object.entries({ ...now, ...params }).map(([name, value]) => [name, String(value)]),
    ).toString();
    const text = `${payload}&signature=${createHmac('sha256', more.secret ?? account.secret)
      .update(payload)
      .digest('hex')}`;
    const headers = {
      'x-mbx-apikey': more.apiKey ?? account.apiKey,
      'content-type': 'application/x-www-form-urlencoded',
    };
    return method === 'POST'
      ? send(method, path, { headers, body: text })
      : send(method, `${path}?${text}`, { headers });
  };
  return { send, signed };
}
