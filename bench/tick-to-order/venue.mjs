// The least that looks like a Binance spot venue to the platform: symbols without a price, a stream on which the first price of
// one symbol is told on request, and an order endpoint that notes when a request arrives.
import http from 'node:http';
import { WebSocketServer } from 'ws';

const tickTimeoutMs = 5_000;
const symbolOf = (index) => `B${String(index).padStart(4, '0')}USDT`;

const filters = [
  { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' },
  { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '9000', stepSize: '0.001' },
  { filterType: 'NOTIONAL', minNotional: '5', applyMinToMarket: true, maxNotional: '9000000' },
];

function symbolRow(index) {
  return {
    symbol: symbolOf(index),
    status: 'TRADING',
    baseAsset: symbolOf(index).slice(0, -4),
    baseAssetPrecision: 8,
    quoteAsset: 'USDT',
    quotePrecision: 8,
    orderTypes: ['LIMIT', 'MARKET'],
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters,
    permissions: [],
    permissionSets: [['SPOT']],
  };
}

export async function startVenue({ symbols }) {
  const waiting = new Map();
  let orders = 0;
  const arrive = (key, at) => waiting.get(key)?.(at);
  const rows = Array.from({ length: symbols }, (_, index) => symbolRow(index));

  const answers = {
    'GET /api/v3/exchangeInfo': () => ({
      timezone: 'UTC',
      serverTime: Date.now(),
      rateLimits: [],
      exchangeFilters: [],
      symbols: rows,
    }),
    'GET /api/v3/time': () => ({ serverTime: Date.now() }),
    'GET /api/v3/ping': () => ({}),
    'GET /api/v3/depth': () => ({ lastUpdateId: 1, bids: [], asks: [] }),
    'GET /api/v3/klines': () => [],
    'GET /api/v3/aggTrades': () => [],
    'GET /api/v3/trades': () => [],
    'GET /api/v3/historicalTrades': () => [],
    'GET /api/v3/openOrders': () => [],
    'GET /api/v3/myTrades': () => [],
    'GET /api/v3/account': () => ({
      makerCommission: 10,
      takerCommission: 10,
      canTrade: true,
      updateTime: Date.now(),
      accountType: 'SPOT',
      balances: [{ asset: 'USDT', free: '100000000.00000000', locked: '0.00000000' }],
      permissions: ['SPOT'],
    }),
    'POST /api/v3/order': (fields, at) => {
      arrive(fields.get('symbol'), at);
      orders += 1;
      const time = Date.now();
      return {
        symbol: fields.get('symbol'),
        orderId: orders,
        orderListId: -1,
        clientOrderId: fields.get('newClientOrderId'),
        transactTime: time,
        price: fields.get('price'),
        origQty: fields.get('quantity'),
        executedQty: '0.00000000',
        origQuoteOrderQty: '0.00000000',
        cummulativeQuoteQty: '0.00000000',
        status: 'NEW',
        timeInForce: 'GTC',
        type: 'LIMIT',
        side: fields.get('side'),
        workingTime: time,
        fills: [],
        selfTradePreventionMode: 'NONE',
      };
    },
    'POST /floor/order': (fields, at) => {
      arrive(fields.get('key'), at);
      return {};
    },
  };

  const server = http.createServer((request, response) => {
    const at = performance.now();
    const [path, query = ''] = request.url.split('?');
    const answer = answers[`${request.method} ${path}`];
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const fields = new URLSearchParams(`${query}&${Buffer.concat(chunks)}`);
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ? answer(fields, at) : { code: -1, msg: `no ${request.method} ${path}` }));
    });
  });
  server.keepAliveTimeout = 60_000;

  const subscribers = new Map();
  const relays = new Set();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    socket._socket.setNoDelay(true);
    if (request.url.startsWith('/floor')) relays.add(socket);
    socket.on('message', (data) => hear(socket, JSON.parse(String(data)), subscribers));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();

  const awaitArrival = (key, send) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no order for ${key} after ${tickTimeoutMs} ms`)), tickTimeoutMs);
      let began = 0;
      waiting.set(key, (at) => {
        clearTimeout(timer);
        waiting.delete(key);
        resolve(at - began);
      });
      began = performance.now();
      send();
    });

  return {
    rest: `http://127.0.0.1:${port}`,
    spotWs: `ws://127.0.0.1:${port}/stream/ws`,
    wsApi: `ws://127.0.0.1:${port}/ws-api/v3`,
    floorWs: `ws://127.0.0.1:${port}/floor`,
    symbols,
    symbolOf,
    /** Tells the first price of a symbol; resolves with the milliseconds until its order request arrived. */
    tick: (index) => {
      const symbol = symbolOf(index);
      const quote = JSON.stringify({ u: 10, s: symbol, b: '100.00', B: '5.000', a: '100.02', A: '5.000' });
      const socket = subscribers.get(`${symbol.toLowerCase()}@bookTicker`);
      return awaitArrival(symbol, () => socket.send(quote));
    },
    /** Tells a price of a symbol, and waits for nothing. */
    quote: (index, { bid, ask }) => {
      const symbol = symbolOf(index);
      const quote = JSON.stringify({ u: 10, s: symbol, b: bid, B: '5.000', a: ask, A: '5.000' });
      subscribers.get(`${symbol.toLowerCase()}@bookTicker`).send(quote);
    },
    floorTick: (index) => {
      const key = `floor-${index}`;
      return awaitArrival(key, () => {
        for (const relay of relays) relay.send(JSON.stringify({ key }));
      });
    },
    subscribed: () => subscribers.size,
    relays: () => relays.size,
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function hear(socket, message, subscribers) {
  if (message.method === 'SUBSCRIBE') {
    for (const stream of message.params) subscribers.set(stream, socket);
    socket.send(JSON.stringify({ result: null, id: message.id }));
  } else if (message.method === 'userDataStream.subscribe.signature') {
    socket.send(JSON.stringify({ id: message.id, status: 200, result: { subscriptionId: 0 } }));
  } else if (message.id !== undefined) {
    socket.send(JSON.stringify({ id: message.id, status: 200, result: {} }));
  }
}
