import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rawClient, startExchange } from '../test/exchange-process.js';
import { UserEvents } from '../test/user-events.js';
import type { SimExchange } from './sim-exchange.module.js';

type Row = Record<string, unknown>;

let exchange: SimExchange;
let client: ReturnType<typeof rawClient>;
let events: UserEvents;

beforeAll(async () => {
  // Nobody listens to the market, so it stands still.
  exchange = await startExchange('--symbols', 'BTC-USDT', '--wait-for-subscriber');
  client = rawClient(exchange.announcement);
  events = await UserEvents.subscribe(exchange.announcement);
});
afterAll(async () => {
  events.close();
  await exchange.stop();
});

const send = async (method: string, path: string, params: Record<string, string | number>): Promise<Row> =>
  (await client.signed(method, path, params)).body;
const place = (params: Record<string, string | number>): Promise<Row> =>
  send('POST', '/api/v3/order', { symbol: 'BTCUSDT', newOrderRespType: 'RESULT', ...params });
const stopLimit = { side: 'SELL', type: 'STOP_LOSS_LIMIT', timeInForce: 'GTC', quantity: '0.01' };
const lastPrice = async (): Promise<number> =>
  Number((await client.send('GET', '/api/v3/ticker/price?symbol=BTCUSDT')).body['price']);

describe('an order with a stop price', () => {
  test('is told as new and not working, then as new and working when the last price reaches it', async () => {
    const last = await lastPrice();
    const [stopPrice, price] = [(last - 5).toFixed(2), (last - 10_000).toFixed(2)];
    const own = { selfTradePreventionMode: 'NONE' };
    await place({ side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.02', price });
    const order = await place({ ...stopLimit, ...own, stopPrice, price, newClientOrderId: 'stop' });
    expect(order).toMatchObject({ status: 'NEW', type: 'STOP_LOSS_LIMIT', workingTime: -1 });
    expect(Number(order['stopPrice'])).toBe(Number(stopPrice));
    const row = await send('GET', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: 'stop' });
    expect(row).toMatchObject({ status: 'NEW', isWorking: false, workingTime: -1 });
    expect(await events.of('stop', 1)).toMatchObject([{ x: 'NEW', X: 'NEW', w: false, o: 'STOP_LOSS_LIMIT' }]);
    expect(Number((await events.of('stop', 1))[0]?.['P'])).toBe(Number(stopPrice));
    // Into the bids until the last price is below: the crowd's ladder is twelve dollars deep.
    await place({ side: 'SELL', type: 'LIMIT', timeInForce: 'IOC', quantity: '60', price: (last - 8).toFixed(2) });
    expect(await lastPrice()).toBeLessThanOrEqual(Number(stopPrice));
    const done = await send('GET', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: 'stop' });
    expect(done).toMatchObject({ status: 'FILLED', isWorking: true });
    const told = await events.of('stop', 3);
    expect(told.map(({ x, X, w }) => [x, X, w])).toEqual([
      ['NEW', 'NEW', false],
      ['NEW', 'NEW', true],
      ['TRADE', 'FILLED', false],
    ]);
    expect(told[0]).not.toHaveProperty('W');
    expect(told[1]?.['W']).toBe(done['workingTime']);
    await send('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
  });

  test('without any trigger, or one where none belongs, is refused with the words of Binance', async () => {
    expect(await place({ ...stopLimit, price: '50000' })).toEqual({
      code: -1102,
      msg: "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!",
    });
    const last = await lastPrice();
    expect(await place({ ...stopLimit, price: '50000', stopPrice: (last + 1_000).toFixed(2) })).toEqual({
      code: -2010,
      msg: 'Stop price would trigger immediately.',
    });
    expect(await place({ ...stopLimit, price: '50000', stopPrice: '0' })).toMatchObject({ code: -1013 });
    expect(await place({ ...stopLimit, price: '50000', trailingDelta: '0' })).toMatchObject({ code: -1013 });
    expect(await place({ ...stopLimit, price: '50000', trailingDelta: '1.5' })).toMatchObject({ code: -1100 });
    const market = { side: 'SELL', type: 'STOP_LOSS', quantity: '0.01', stopPrice: '50000' };
    expect(await place({ ...market, price: '50000' })).toMatchObject({ code: -1106 });
    expect(await place({ ...market, timeInForce: 'GTC' })).toMatchObject({ code: -1106 });
    expect(await place({ ...market, newOrderRespType: 'LOTS' })).toMatchObject({ code: -1136 });
  });

  test('that trails tells its delta and since when it follows', async () => {
    const order = await place({ side: 'SELL', type: 'STOP_LOSS', quantity: '0.01', trailingDelta: 150 });
    expect(order).toMatchObject({ trailingDelta: 150, trailingTime: order['transactTime'] });
    const { orderId } = order;
    expect(await send('DELETE', '/api/v3/order', { symbol: 'BTCUSDT', orderId: Number(orderId) })).toMatchObject({
      status: 'CANCELED',
    });
    const waits = { side: 'BUY', type: 'TAKE_PROFIT', quantity: '0.01', stopPrice: '40000', trailingDelta: 20 };
    expect(await place(waits)).toMatchObject({ trailingDelta: 20, trailingTime: -1 });
    expect(await send('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' })).toHaveLength(1);
  });

  test('that trails goes off when the price has come back by its delta, as does a profit that is reached', async () => {
    const own = { quantity: '0.01', selfTradePreventionMode: 'NONE' };
    const last = await lastPrice();
    const bid = (last * 0.99).toFixed(2);
    await place({ side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', ...own, quantity: '70', price: bid });
    const profit = { stopPrice: (last * 0.995).toFixed(2), newClientOrderId: 'profit' };
    await place({ side: 'BUY', type: 'TAKE_PROFIT', ...own, ...profit });
    const limit = { ...profit, newClientOrderId: 'limit', price: (last * 0.98).toFixed(2), timeInForce: 'GTC' };
    await place({ side: 'BUY', type: 'TAKE_PROFIT_LIMIT', ...own, ...limit });
    await place({ side: 'SELL', type: 'STOP_LOSS', ...own, trailingDelta: 50, newClientOrderId: 'trail' });
    await place({ side: 'SELL', type: 'LIMIT', timeInForce: 'IOC', ...own, quantity: '60', price: bid });
    for (const [origClientOrderId, status] of [
      ['trail', 'FILLED'],
      ['profit', 'FILLED'],
      ['limit', 'NEW'],
    ] as const) {
      const row = await send('GET', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId });
      expect(row).toMatchObject({ status, isWorking: true });
    }
    expect((await events.of('trail', 3)).map(({ x, X, w }) => [x, X, w])).toEqual([
      ['NEW', 'NEW', false],
      ['NEW', 'NEW', true],
      ['TRADE', 'FILLED', false],
    ]);
    await send('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
  });

  test('is acknowledged only, unless more is asked for', async () => {
    const params = { ...stopLimit, symbol: 'BTCUSDT', stopPrice: '30000', price: '29000' };
    const order = await send('POST', '/api/v3/order', params);
    expect(Object.keys(order).sort()).toEqual(['clientOrderId', 'orderId', 'orderListId', 'symbol', 'transactTime']);
    await send('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
  });
});

describe('cancelReplace', () => {
  const replace = (params: Record<string, string | number>) =>
    client.signed('POST', '/api/v3/order/cancelReplace', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: '0.01',
      price: '50000',
      cancelReplaceMode: 'STOP_ON_FAILURE',
      ...params,
    });
  const resting = async (more: Record<string, string> = {}): Promise<number> => {
    const order = { side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '40000', ...more };
    return Number((await place(order))['orderId']);
  };
  const tooMuch = { quantity: '8000' };

  test('cancels one and places the other, which may have the same client id and the same money', async () => {
    const cancelOrderId = await resting({ newClientOrderId: 'same', quantity: '200' });
    const { status, body } = await replace({
      cancelOrderId,
      newClientOrderId: 'same',
      price: '40001',
      quantity: '200',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      cancelResult: 'SUCCESS',
      newOrderResult: 'SUCCESS',
      cancelResponse: { orderId: cancelOrderId, status: 'CANCELED', origClientOrderId: 'same' },
      newOrderResponse: { clientOrderId: 'same', status: 'NEW', fills: [] },
    });
    expect(await send('GET', '/api/v3/openOrders', {})).toHaveLength(1);
    await send('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
  });

  test.each<[string, string, Record<string, string>, number, number, string, string]>([
    ['nothing to cancel, told to stop', 'STOP_ON_FAILURE', {}, 400, -2022, 'FAILURE', 'NOT_ATTEMPTED'],
    ['nothing to cancel, told to go on', 'ALLOW_FAILURE', {}, 409, -2021, 'FAILURE', 'SUCCESS'],
    ['nothing to cancel and no money', 'ALLOW_FAILURE', tooMuch, 400, -2022, 'FAILURE', 'FAILURE'],
  ])('with %s', async (_what, cancelReplaceMode, more, status, code, cancelResult, newOrderResult) => {
    const answer = await replace({ cancelReplaceMode, cancelOrderId: 1, ...more });
    expect(answer).toMatchObject({ status, body: { code, data: { cancelResult, newOrderResult } } });
    const { cancelResponse, newOrderResponse } = (answer.body as { data: Row }).data;
    expect(cancelResponse).toEqual({ code: -2011, msg: 'Unknown order sent.' });
    if (newOrderResult === 'NOT_ATTEMPTED') expect(newOrderResponse).toBeNull();
    if (newOrderResult === 'FAILURE') expect(newOrderResponse).toMatchObject({ code: -2010 });
    await client.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
  });

  test('with an order to cancel and no money for the new one keeps the cancel', async () => {
    const cancelOrderId = await resting();
    expect(await replace({ cancelOrderId, ...tooMuch })).toMatchObject({
      status: 409,
      body: { code: -2021, data: { cancelResult: 'SUCCESS', newOrderResult: 'FAILURE' } },
    });
    expect(await send('GET', '/api/v3/openOrders', {})).toEqual([]);
  });

  test('does neither where the request itself or a filter is wrong', async () => {
    const cancelOrderId = await resting();
    const wrong: [Record<string, string | number>, number][] = [
      [{ price: '50000.001' }, -1013],
      [{ quantity: '0.00001' }, -1013],
      [{ cancelReplaceMode: 'MAYBE' }, -1102],
      [{ cancelRestrictions: 'ONLY_RED' }, -1145],
    ];
    for (const [more, code] of wrong) expect((await replace({ cancelOrderId, ...more })).body).toMatchObject({ code });
    expect((await replace({})).body).toMatchObject({ code: -1102 });
    expect(await send('GET', '/api/v3/openOrders', {})).toMatchObject([{ orderId: cancelOrderId, status: 'NEW' }]);
  });

  test('minds restrictions and both ids together', async () => {
    const [cancelOrderId] = ((await send('GET', '/api/v3/openOrders', {})) as unknown as Row[]).map((row) =>
      Number(row['orderId']),
    );
    const both = { cancelOrderId: cancelOrderId ?? 0, cancelOrigClientOrderId: 'another' };
    expect((await replace(both)).body).toMatchObject({ code: -2022 });
    const restricted = { cancelOrderId: cancelOrderId ?? 0, cancelRestrictions: 'ONLY_PARTIALLY_FILLED' };
    expect((await replace(restricted)).body).toMatchObject({
      code: -2022,
      data: { cancelResponse: { code: -2011, msg: 'Order was not canceled due to cancel restrictions.' } },
    });
  });
});

test('the rates of an account are told for a symbol', async () => {
  const rates = { maker: '0.00100000', taker: '0.00100000', buyer: '0.00000000', seller: '0.00000000' };
  expect(await send('GET', '/api/v3/account/commission', { symbol: 'BTCUSDT' })).toMatchObject({
    symbol: 'BTCUSDT',
    standardCommission: rates,
  });
  expect(await send('GET', '/api/v3/account/commission', { symbol: 'NOPE' })).toMatchObject({ code: -1121 });
});

test('an account without its zero balances is shorter', async () => {
  const all = (await send('GET', '/api/v3/account', {}))['balances'] as Row[];
  const some = (await send('GET', '/api/v3/account', { omitZeroBalances: 'true' }))['balances'] as Row[];
  expect(some).toEqual(all.filter(({ free, locked }) => Number(free) !== 0 || Number(locked) !== 0));
});
