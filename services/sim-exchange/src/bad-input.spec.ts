import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RawAnswer, rawClient, startExchange } from '../test/exchange-process.js';
import type { SimExchange } from './sim-exchange.module.js';

let exchange: SimExchange;
let client: ReturnType<typeof rawClient>;

beforeAll(async () => {
  exchange = await startExchange('--symbols', 'BTC-USDT');
  client = rawClient(exchange.announcement);
});

// Whatever was sent, the venue still trades.
afterAll(async () => {
  const order = await client.signed('POST', '/api/v3/order', {
    symbol: 'BTCUSDT',
    side: 'SELL',
    type: 'MARKET',
    quantity: '0.01',
  });
  expect(order.body).toMatchObject({ status: 'FILLED' });
  expect((await client.send('GET', '/health/ready')).status).toBe(200);
  await exchange.stop();
});

const good = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '50000' };
type Change = Record<string, string | number | undefined>;
const place = (change: Change, more = {}): Promise<RawAnswer> => {
  const params: Record<string, string | number> = {};
  for (const [name, value] of Object.entries<string | number | undefined>({ ...good, ...change }))
    if (value !== undefined) params[name] = value;
  return client.signed('POST', '/api/v3/order', params, more);
};

describe('an order is refused with the code and the words of Binance', () => {
  test.each<[string, Change, number, string]>([
    ['an unknown symbol', { symbol: 'NOPEUSDT' }, -1121, 'Invalid symbol.'],
    [
      'no symbol',
      { symbol: undefined },
      -1102,
      "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.",
    ],
    ['a symbol of other characters', { symbol: 'btc/usdt' }, -1100, "Illegal characters found in parameter 'symbol'"],
    ['a price off tick', { price: '50000.001' }, -1013, 'Filter failure: PRICE_FILTER'],
    ['a price of zero', { price: '0' }, -1013, 'Filter failure: PRICE_FILTER'],
    ['an absurd price', { price: '99999999999999999999' }, -1013, 'Filter failure: PRICE_FILTER'],
    ['a negative price', { price: '-1' }, -1100, "Illegal characters found in parameter 'price'"],
    ['a price in words', { price: 'cheap' }, -1100, "Illegal characters found in parameter 'price'"],
    ['a price in exponents', { price: '5e4' }, -1100, "Illegal characters found in parameter 'price'"],
    ['a price of nine decimals', { price: '50000.000000001' }, -1111, "Parameter 'price' has too much precision."],
    ['no price', { price: undefined }, -1102, "Mandatory parameter 'price'"],
    ['a quantity off step', { quantity: '0.010001' }, -1013, 'Filter failure: LOT_SIZE'],
    ['a quantity of zero', { quantity: '0' }, -1013, 'Filter failure: LOT_SIZE'],
    ['an absurd quantity', { quantity: '99999999999' }, -1013, 'Filter failure: LOT_SIZE'],
    ['a value below the minimum', { quantity: '0.00001' }, -1013, 'Filter failure: NOTIONAL'],
    ['an unknown side', { side: 'HOLD' }, -1117, 'Invalid side.'],
    ['an unknown type', { type: 'WISH' }, -1116, 'Invalid orderType.'],
    ['an unknown life', { timeInForce: 'EVER' }, -1115, 'Invalid timeInForce.'],
    ['no life', { timeInForce: undefined }, -1102, "Mandatory parameter 'timeInForce'"],
    ['a stop price on a plain order', { stopPrice: '1' }, -1106, "Parameter 'stopPrice' sent when not required."],
    [
      'a client id with a space',
      { newClientOrderId: 'a b' },
      -1100,
      "Illegal characters found in parameter 'newClientOrderId'",
    ],
    [
      'a client id of 37 characters',
      { newClientOrderId: 'x'.repeat(37) },
      -1100,
      "Illegal characters found in parameter 'newClientOrderId'",
    ],
    [
      'more than the account has',
      { quantity: '9000' },
      -2010,
      'Account has insufficient balance for requested action.',
    ],
    [
      'a market order with a price',
      { type: 'MARKET', timeInForce: undefined },
      -1106,
      "Parameter 'price' sent when not required.",
    ],
    [
      'a market order of nothing',
      { type: 'MARKET', timeInForce: undefined, price: undefined, quantity: undefined },
      -1102,
      "Param 'quantity' or 'quoteOrderQty'",
    ],
    [
      'a market order for too small an amount',
      { type: 'MARKET', timeInForce: undefined, price: undefined, quantity: undefined, quoteOrderQty: '1' },
      -1013,
      'Filter failure: NOTIONAL',
    ],
  ])('%s', async (_what, change, code, msg) => {
    const { status, body } = await place(change);
    expect({ status, code: body['code'] }).toEqual({ status: 400, code });
    expect(body['msg']).toContain(msg);
  });

  test('and nothing is stored of a refused order', async () => {
    const before = (await client.signed('GET', '/api/v3/account', {})).body['balances'];
    await place({ newClientOrderId: 'refused', price: '50000.001' });
    expect(
      (await client.signed('GET', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: 'refused' })).body['code'],
    ).toBe(-2013);
    expect((await client.signed('GET', '/api/v3/account', {})).body['balances']).toEqual(before);
  });
});

describe('a request is refused', () => {
  test.each<[string, () => Promise<RawAnswer>, number, number]>([
    ['with a wrong signature', () => place({}, { secret: 'wrong' }), 400, -1022],
    ['with an unknown key', () => place({}, { apiKey: 'stranger' }), 401, -2015],
    ['without a key', () => client.send('GET', '/api/v3/account'), 401, -2014],
    ['with a key that is none', () => place({}, { apiKey: 'not a key!' }), 401, -2014],
    ['after its window', () => place({ timestamp: Date.now() - 6_000 }), 400, -1021],
    ['after its own short window', () => place({ timestamp: Date.now() - 200, recvWindow: 100 }), 400, -1021],
    ['from the future', () => place({ timestamp: Date.now() + 120_000 }), 400, -1021],
    ['without a time', () => place({ timestamp: '' }), 400, -1102],
    ['with a window that is too long', () => place({ recvWindow: 60_001 }), 400, -1131],
    [
      'to cancel what does not exist',
      () => client.signed('DELETE', '/api/v3/order', { symbol: 'BTCUSDT', orderId: 987654321 }),
      400,
      -2011,
    ],
    [
      'to cancel nothing in particular',
      () => client.signed('DELETE', '/api/v3/order', { symbol: 'BTCUSDT' }),
      400,
      -1102,
    ],
    [
      'to cancel all where nothing is open',
      () => client.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' }),
      400,
      -2011,
    ],
    [
      'for candles of an unknown interval',
      () => client.send('GET', '/api/v3/klines?symbol=BTCUSDT&interval=7m'),
      400,
      -1120,
    ],
    [
      'for an unknown symbol among several',
      () => client.send('GET', '/api/v3/ticker/24hr?symbols=%5B%22BTCUSDT%22,%22NOPE%22%5D'),
      400,
      -1121,
    ],
    ['for a list that is none', () => client.send('GET', '/api/v3/ticker/24hr?symbols=%5B'), 400, -1100],
    ['for a limit in words', () => client.send('GET', '/api/v3/trades?symbol=BTCUSDT&limit=many'), 400, -1100],
    ['at an unknown address', () => client.send('GET', '/api/v3/__proto__'), 404, -1000],
  ])('%s', async (_what, send, status, code) => {
    const answer = await send();
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
  });

  test('with a body of 10 MB, and it says what fits', async () => {
    const answer = await client.send('POST', '/api/v3/order', { body: 'x'.repeat(10 * 1024 * 1024) });
    expect(answer).toEqual({ status: 413, body: { code: -1101, msg: expect.stringContaining('65536 bytes') } });
  });

  test('when it is no HTTP at all', async () => {
    const address = new URL(exchange.announcement.rest);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const raw = request({
        host: address.hostname,
        port: address.port,
        method: 'POST',
        path: '/api/v3/order',
        headers: { 'content-length': 'many' },
      });
      raw.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      raw.on('error', reject);
      raw.end();
    });
    expect(status).toBe(400);
  });
});

describe('a websocket frame that is none of ours', () => {
  const firstAnswer = (url: string, text: string): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.onopen = () => socket.send(text);
      socket.onerror = () => reject(new Error('socket failed'));
      socket.onmessage = ({ data }) => {
        resolve(JSON.parse(String(data)) as Record<string, unknown>);
        socket.close();
      };
    });

  test.each(['garbage', '[]', '{"method":"DANCE"}', '{"method":"SUBSCRIBE","params":[{"a":1}],"id":1}'])(
    '%s on a stream gets an error',
    async (text) => {
      expect(await firstAnswer(exchange.announcement.spotWs, text)).toMatchObject({ error: { code: 2 } });
    },
  );

  test.each<[string, number]>([
    ['garbage', -1102],
    ['{"id":1,"method":"order.dance"}', -1000],
    ['{"id":1,"method":"order.place","params":{}}', -2014],
    ['{"id":1,"method":"toString","params":{}}', -1000],
  ])('%s on the trading API gets a code', async (text, code) => {
    expect(await firstAnswer(exchange.announcement.wsApi, text)).toMatchObject({ error: { code } });
  });
});
