import { type PublicCall, publicCalls } from './rest-public.js';

/** Methods of the websocket API that need no key, by the REST call whose parameters and answer they have. */
const restNames: Readonly<Record<string, string>> = {
  ping: 'ping',
  time: 'time',
  exchangeInfo: 'exchangeInfo',
  depth: 'depth',
  'trades.recent': 'trades',
  'trades.historical': 'historicalTrades',
  'trades.aggregate': 'aggTrades',
  klines: 'klines',
  avgPrice: 'avgPrice',
  'ticker.24hr': 'ticker/24hr',
  'ticker.price': 'ticker/price',
  'ticker.book': 'ticker/bookTicker',
};

/** `GET /api/v3/depth` for `depth`; null when the method is none of these. */
export const restNameOf = (method: string): string | null =>
  Object.hasOwn(restNames, method) ? `GET /api/v3/${restNames[method]}` : null;

export function publicMethod(method: string): PublicCall | null {
  const name = restNameOf(method);
  return name === null ? null : (publicCalls[name] ?? null);
}
