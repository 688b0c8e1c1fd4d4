import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CcxtBinance, ccxtClient, startExchange } from '../test/exchange-process.js';
import { askApi } from '../test/raw-stream.js';
import type { SimExchange } from './sim-exchange.module.js';

const symbol = 'BTC/USDT';
let exchange: SimExchange;
let client: CcxtBinance;

beforeAll(async () => {
  exchange = await startExchange('--symbols', 'BTC-USDT,ETH-USDT');
  client = await ccxtClient(exchange.announcement);
});

afterAll(async () => {
  await client.close();
  await exchange.stop();
});

const far = async (): Promise<number> =>
  Number(client.priceToPrecision(symbol, Number((await client.fetchTicker(symbol)).bid) * 0.9));
const isRecent = (time: unknown): boolean => Math.abs(Number(time) - Date.now()) < 120_000;

describe('an unmodified ccxt client reads over REST', () => {
  test('the best prices and the last prices of some and of all symbols', async () => {
    const quotes = await client.fetchBidsAsks();
    expect(Object.keys(quotes).sort()).toEqual(['BTC/USDT', 'ETH/USDT']);
    for (const { bid, ask } of Object.values(quotes)) expect(Number(bid)).toBeLessThan(Number(ask));
    expect(Object.keys(await client.fetchBidsAsks([symbol]))).toEqual([symbol]);
    const { price } = (await client.fetchLastPrices([symbol]))[symbol] as { price: number };
    expect(price).toBeGreaterThan(0);
  });

  test('single trades, older ones from an id on, and those put together, all of the same tape', async () => {
    const recent = (await client.publicGetTrades({ symbol: 'BTCUSDT', limit: 20 })) as Record<string, unknown>[];
    expect(recent).toHaveLength(20);
    const fromId = recent[5]?.['id'];
    const older = await client.publicGetHistoricalTrades({ symbol: 'BTCUSDT', fromId, limit: 5 });
    expect(older).toEqual(recent.slice(5, 10));
    const together = await client.publicGetAggTrades({ symbol: 'BTCUSDT', fromId, limit: 1 });
    expect(together).toMatchObject([{ a: fromId, p: recent[5]?.['price'], q: recent[5]?.['qty'] }]);
  });

  test('times by the clock of the wall: of trades, candles, tickers and orders', async () => {
    const [trade] = await client.fetchTrades(symbol, undefined, 1);
    const [candle] = await client.fetchOHLCV(symbol, '1m', undefined, 1);
    const ticker = await client.fetchTicker(symbol);
    const order = await client.createOrder(symbol, 'market', 'buy', 0.01);
    expect([trade?.timestamp, candle?.[0], ticker.timestamp, order.timestamp].map(isRecent)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  test('that it is answered at all', async () => {
    expect(await client.publicGetPing()).toEqual({});
  });
});

describe('an unmodified ccxt client works over the websocket API', () => {
  test('without a key: candles and trades', async () => {
    expect(await client.fetchOHLCVWs(symbol, '1m', undefined, 3)).toHaveLength(3);
    expect((await client.fetchTradesWs(symbol, undefined, 4)).map(({ price }) => typeof price)).toEqual(
      Array.from({ length: 4 }, () => 'number'),
    );
  });

  test('its balances, its open and all orders, its trades, and all orders cancelled', async () => {
    const resting = await client.createOrderWs(symbol, 'limit', 'buy', 0.01, await far());
    const bought = await client.createOrderWs(symbol, 'market', 'buy', 0.01);
    expect(bought).toMatchObject({ status: 'closed', filled: 0.01 });
    // ccxt 4.5.84 leaves the balances unread here, and gives them only as they came.
    const { balances } = (await client.fetchBalanceWs())['info'] as { balances: Record<string, string>[] };
    expect(Number(balances.find(({ asset }) => asset === 'USDT')?.['locked'])).toBeGreaterThan(0);
    expect((await client.fetchOpenOrdersWs(symbol)).map(({ id }) => id)).toEqual([resting.id]);
    expect((await client.fetchOrdersWs(symbol)).map(({ id }) => id)).toEqual(
      expect.arrayContaining([resting.id, bought.id]),
    );
    expect((await client.fetchMyTradesWs(symbol)).map(({ order }) => order)).toContain(bought.id);
    expect((await client.cancelAllOrdersWs(symbol)).map(({ id }) => id)).toEqual([resting.id]);
    expect(await client.fetchOpenOrdersWs(symbol)).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['immediate-or-cancel', { timeInForce: 'IOC' }, 'expired'],
    ['fill-or-kill', { timeInForce: 'FOK' }, 'expired'],
    ['post-only', { postOnly: true }, 'open'],
    ['stop-loss', { stopLossPrice: 'far' }, 'open'],
  ])('%s orders', async (_what, params, status) => {
    const price = await far();
    const given = params['stopLossPrice'] === 'far' ? { stopLossPrice: price } : params;
    const side = given === params ? 'buy' : 'sell';
    const order = await client.createOrderWs(symbol, 'limit', side, 0.01, price, given);
    expect((await client.fetchOrder(String(order.id), symbol)).status).toBe(status);
    if (status === 'open') await client.cancelOrderWs(String(order.id), symbol);
  });

  test('and hears the same refusals there', async () => {
    const price = await far();
    await expect(client.createOrderWs(symbol, 'limit', 'buy', 100_000, price)).rejects.toMatchObject({
      name: 'InsufficientFunds',
    });
    await client.createOrderWs(symbol, 'limit', 'buy', 0.01, price, { clientOrderId: 'twiceWs' });
    await expect(
      client.createOrderWs(symbol, 'limit', 'buy', 0.01, price, { clientOrderId: 'twiceWs' }),
    ).rejects.toMatchObject({ name: 'InvalidOrder' });
    await client.cancelAllOrdersWs(symbol);
    await expect(client.cancelOrderWs('999999999', symbol)).rejects.toMatchObject({ name: 'OrderNotFound' });
    await expect(client.fetchOrderWs('999999999', symbol)).rejects.toMatchObject({ name: 'OrderNotFound' });
  });

  test('and is not let in with another secret', async () => {
    const { announcement } = exchange;
    const stranger = await ccxtClient(announcement);
    stranger.secret = 'wrong';
    await expect(stranger.fetchOpenOrdersWs(symbol)).rejects.toMatchObject({ name: 'AuthenticationError' });
    await stranger.close();
  });
});

test('a signature counts for the query and the body together, as they were sent', async () => {
  const { rest, account } = exchange.announcement;
  const query = `symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&timestamp=${Date.now()}`;
  const body = `quantity=0.01&price=${await far()}&recvWindow=60000`;
  const order = async (signed: string): Promise<unknown> => {
    const signature = createHmac('sha256', account.secret).update(signed).digest('hex');
    const headers = { 'x-mbx-apikey': account.apiKey, 'content-type': 'application/x-www-form-urlencoded' };
    const sent = { method: 'POST', headers, body: `${body}&signature=${signature}` };
    return (await fetch(`${rest}/api/v3/order?${query}`, sent)).json();
  };
  expect(await order(query + body)).toMatchObject({ status: 'NEW' });
  expect(await order(body)).toEqual({ code: -1022, msg: 'Signature for this request is not valid.' });
  await client.cancelAllOrders(symbol);
});

describe('the websocket API answers without a key what REST answers', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['exchangeInfo', 'exchangeInfo?symbols=["BTCUSDT","ETHUSDT"]', { symbols: ['BTCUSDT', 'ETHUSDT'] }],
    ['depth', 'depth?symbol=BTCUSDT&limit=5', { symbol: 'BTCUSDT', limit: 5 }],
    ['trades.recent', 'trades?symbol=BTCUSDT&limit=2', { symbol: 'BTCUSDT', limit: 2 }],
    ['trades.historical', 'historicalTrades?symbol=BTCUSDT&limit=2', { symbol: 'BTCUSDT', limit: 2 }],
    ['trades.aggregate', 'aggTrades?symbol=BTCUSDT&limit=2', { symbol: 'BTCUSDT', limit: 2 }],
    ['klines', 'klines?symbol=BTCUSDT&interval=1h&limit=2', { symbol: 'BTCUSDT', interval: '1h', limit: 2 }],
    ['avgPrice', 'avgPrice?symbol=BTCUSDT', { symbol: 'BTCUSDT' }],
    ['ticker.24hr', 'ticker/24hr?symbol=BTCUSDT', { symbol: 'BTCUSDT' }],
    ['ticker.price', 'ticker/price', {}],
    ['ticker.book', 'ticker/bookTicker', {}],
  ])('%s', async (method, path, params) => {
    const rest = await (await fetch(`${exchange.announcement.rest}/api/v3/${path}`)).json();
    const { status, result } = await askApi(exchange.announcement, method, params);
    expect(status).toBe(200);
    // The market moves between the two: the form is the same, the numbers are newer.
    expect(shapeOf(result)).toEqual(shapeOf(rest));
  });

  test('and refuses it in the same words', async () => {
    expect(await askApi(exchange.announcement, 'avgPrice', { symbol: 'NOPE' })).toMatchObject({
      status: 400,
      error: { code: -1121, msg: 'Invalid symbol.' },
    });
  });
});

/** Names and kinds of everything, without the values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]));
}
