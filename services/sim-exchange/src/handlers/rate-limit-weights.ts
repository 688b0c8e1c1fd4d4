type Weigh = (params: URLSearchParams) => number;

const one: Weigh = () => 1;
const always =
  (weight: number): Weigh =>
  () =>
    weight;
const ofSymbol =
  (withSymbol: number, without: number): Weigh =>
  (params) =>
    params.has('symbol') ? withSymbol : without;
const testOrder: Weigh = (params) => (params.get('computeCommissionRates') === 'true' ? 20 : 1);
const fills: Weigh = (params) => (params.has('orderId') ? 5 : 20);

function depth(params: URLSearchParams): number {
  const limit = Number(params.get('limit') ?? 100);
  if (limit <= 100) return 5;
  if (limit <= 500) return 25;
  return limit <= 1_000 ? 50 : 250;
}

function dayTickers(params: URLSearchParams): number {
  if (params.has('symbol')) return 2;
  const symbols = params.get('symbols');
  if (symbols === null) return 80;
  const count = symbols.split(',').length;
  if (count <= 20) return 2;
  return count <= 100 ? 40 : 80;
}

/** Request weights as the venue documents them (binance-spot-api-docs, rest-api.md and web-socket-api.md of 2026-07-21). */
const weights: Readonly<Record<string, Weigh>> = {
  'GET /api/v3/exchangeInfo': always(20),
  'GET /api/v3/depth': depth,
  'GET /api/v3/trades': always(25),
  'GET /api/v3/historicalTrades': always(25),
  'GET /api/v3/aggTrades': always(4),
  'GET /api/v3/klines': always(2),
  'GET /api/v3/avgPrice': always(2),
  'GET /api/v3/ticker/24hr': dayTickers,
  'GET /api/v3/ticker/price': ofSymbol(2, 4),
  'GET /api/v3/ticker/bookTicker': ofSymbol(2, 4),
  'GET /api/v3/account': always(20),
  'GET /api/v3/account/commission': always(20),
  'GET /api/v3/order': always(4),
  'GET /api/v3/openOrders': ofSymbol(6, 80),
  'GET /api/v3/allOrders': always(20),
  'GET /api/v3/myTrades': fills,
  'GET /api/v3/rateLimit/order': always(40),
  'POST /api/v3/order/test': testOrder,
  'account.status': always(20),
  'account.commission': always(20),
  'account.rateLimits.orders': always(40),
  'order.status': always(4),
  'order.test': testOrder,
  'openOrders.status': ofSymbol(6, 80),
  allOrders: always(20),
  myTrades: fills,
  'session.logon': always(2),
  'userDataStream.subscribe': always(2),
  'userDataStream.subscribe.signature': always(2),
};

/** Opening a connection to the websocket API. */
export const connectionWeight = 2;

/** `name` is `GET /api/v3/depth` over HTTP and `order.status` on the websocket API; what is not in the table weighs 1. */
export const weightOf = (name: string, params: () => URLSearchParams): number =>
  Object.hasOwn(weights, name) ? (weights[name] ?? one)(params()) : 1;
