import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const requestMs = 5_000;
const pageSize = 1_000;
const patienceMs = 60_000;

/**
 * The simulated exchange as its customer sees it, by the venue's own protocol: what a run is judged by is not asked of the platform.
 * @param {{rest: string, account: {apiKey: string, secret: string}}} exchange
 */
export function createVenue({ rest, account }) {
  const request = async (path, parameters = {}) => {
    const query = new URLSearchParams({ ...parameters, timestamp: String(Date.now()), recvWindow: '10000' });
    query.set('signature', createHmac('sha256', account.secret).update(query.toString()).digest('hex'));
    const response = await fetch(`${rest}${path}?${query}`, {
      headers: { 'x-mbx-apikey': account.apiKey },
      signal: AbortSignal.timeout(requestMs),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };

  /** Asks again while the exchange is away. */
  const patiently = async (path, parameters) => {
    const end = Date.now() + patienceMs;
    for (;;) {
      try {
        return await request(path, parameters);
      } catch (error) {
        if (Date.now() > end) throw error;
        await delay(100);
      }
    }
  };

  return {
    /** @returns {Promise<ReadonlyMap<string, string>>} free and locked of each asset, as two decimal texts added exactly */
    balances: async () => {
      const { balances } = await patiently('/api/v3/account');
      return new Map(balances.map(({ asset, free, locked }) => [asset, [free, locked]]));
    },
    openOrders: () => patiently('/api/v3/openOrders'),
    /** Orders from that id on, at most a page of them. */
    ordersFrom: (symbol, orderId) => patiently('/api/v3/allOrders', { symbol, orderId, limit: pageSize }),
    tradesFrom: (symbol, fromId) => patiently('/api/v3/myTrades', { symbol, fromId, limit: pageSize }),
  };
}

/**
 * Everything that ever happened in the account, gathered while it happens, because an exchange forgets old orders.
 * @param {ReturnType<typeof createVenue>} venue
 * @param {readonly string[]} symbols as the venue spells them
 */
export function createHistory(venue, symbols) {
  const orders = new Map();
  const trades = new Map();
  // What still worked when it was last seen is asked for again.
  const from = new Map(symbols.map((symbol) => [symbol, { order: 0, trade: 0 }]));

  const gather = async (symbol, mark) => {
    const found = await venue.ordersFrom(symbol, mark.order);
    for (const order of found) orders.set(`${symbol}:${order.orderId}`, order);
    const working = found.find(({ status }) => status === 'NEW' || status === 'PARTIALLY_FILLED');
    mark.order = working?.orderId ?? (found.length > 0 ? found[found.length - 1].orderId + 1 : mark.order);
    const filled = await venue.tradesFrom(symbol, mark.trade);
    for (const trade of filled) trades.set(`${symbol}:${trade.id}`, trade);
    if (filled.length > 0) mark.trade = filled[filled.length - 1].id + 1;
    return found.length + filled.length;
  };

  return {
    refresh: async () => {
      for (const [symbol, mark] of from) await gather(symbol, mark);
    },
    orders: () => [...orders.values()],
    trades: () => [...trades.values()],
  };
}
