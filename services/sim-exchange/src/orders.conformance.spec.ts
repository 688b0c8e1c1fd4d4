import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CcxtBinance, ccxtClient, startExchange } from '../test/exchange-process.js';
import type { SimExchange } from './sim-exchange.module.js';

const symbol = 'BTC/USDT';
const side = 'sell';
let exchange: SimExchange;
let client: CcxtBinance;
let other: CcxtBinance;

beforeAll(async () => {
  const fee = ['--fee-asset', 'BNB', '--fee-asset-balance', '50'];
  exchange = await startExchange('--speed', '5', '--accounts', '2', '--symbols', 'BTC-USDT,BNB-USDT,ETH-BTC', ...fee);
  const [first, second] = exchange.announcement.accounts ?? [];
  if (first === undefined || second === undefined) throw new Error('two accounts were asked for');
  client = await ccxtClient({ ...exchange.announcement, account: first });
  other = await ccxtClient({ ...exchange.announcement, account: second });
});

afterAll(async () => {
  await client.close();
  await other.close();
  await exchange.stop();
});

const near = async (away: number): Promise<number> => {
  const { last } = await client.fetchTicker(symbol);
  return Number(client.priceToPrecision(symbol, Number(last) + away));
};

async function until<Update>(look: () => Promise<Update>, isIt: (update: Update) => boolean): Promise<Update> {
  for (;;) {
    const update = await look();
    if (isIt(update)) return update;
    await setTimeout(20);
  }
}

const raw = async (id: string | undefined): Promise<Record<string, unknown>> =>
  (await client.fetchOrder(String(id), symbol)).info as Record<string, unknown>;

describe('an unmodified ccxt client places an order that waits for its price', () => {
  test.each<[string, string, number | undefined, Record<string, number | string>, string]>([
    ['stop-loss limit', 'limit', -6_000, { stopLossPrice: -5_000 }, 'STOP_LOSS_LIMIT'],
    ['stop-loss', 'market', undefined, { stopLossPrice: -5_000 }, 'STOP_LOSS'],
    ['take-profit limit', 'limit', 6_000, { takeProfitPrice: 5_000 }, 'TAKE_PROFIT_LIMIT'],
    ['take-profit', 'market', undefined, { takeProfitPrice: 5_000 }, 'TAKE_PROFIT'],
  ])('%s: open, not in the book, funds held, and cancelled', async (_what, type, priceAway, trigger, wireType) => {
    const [[name = '', away = 0] = []] = Object.entries(trigger);
    const price = priceAway === undefined ? undefined : await near(priceAway);
    const order = await client.createOrder(symbol, type, side, 0.01, price, { [name]: await near(Number(away)) });
    expect((await client.fetchBalance())['BTC']?.used).toBe(0.01);
    expect(await raw(order.id)).toMatchObject({ type: wireType, status: 'NEW', isWorking: false, workingTime: -1 });
    expect((await client.fetchOpenOrders(symbol)).map(({ id }) => id)).toEqual([order.id]);
    expect((await client.cancelOrder(String(order.id), symbol)).status).toBe('canceled');
    expect((await client.fetchBalance())['BTC']?.used).toBe(0);
  });

  test('that trails by a percentage', async () => {
    const params = { trailingPercent: '1.5', stopLossOrTakeProfit: 'stopLoss' };
    const order = await client.createOrder(symbol, 'market', side, 0.01, undefined, params);
    expect(await raw(order.id)).toMatchObject({ type: 'STOP_LOSS', trailingDelta: 150, isWorking: false });
    await client.cancelAllOrders(symbol);
    const close = { trailingPercent: '0.05', stopLossOrTakeProfit: 'stopLoss' };
    await expect(client.createOrder(symbol, 'market', side, 0.01, undefined, close)).rejects.toThrow('TRAILING_DELTA');
  });

  test('and is filled at the market when a trade reaches it', async () => {
    // The market may reach the price while the order is on its way, and then it is refused: try again.
    const place = async () =>
      client.createOrder(symbol, 'market', side, 0.01, undefined, { stopLossPrice: await near(-3) });
    const order = await until(
      () => place().catch(() => null),
      (placed) => placed !== null,
    );
    const done = await until(
      () => client.fetchOrder(String(order?.id), symbol),
      ({ status }) => status !== 'open',
    );
    expect(done).toMatchObject({ status: 'closed', filled: 0.01 });
    expect(await raw(order?.id)).toMatchObject({ isWorking: true });
  });

  test('and comes into the book as a limit order when a trade reaches it', async () => {
    const place = async () =>
      client.createOrder(symbol, 'limit', side, 0.01, await near(5_000), { stopLossPrice: await near(-3) });
    const order = await until(
      () => place().catch(() => null),
      (placed) => placed !== null,
    );
    const working = await until(
      () => raw(order?.id),
      (row) => row['isWorking'] === true,
    );
    expect(working).toMatchObject({ status: 'NEW', type: 'STOP_LOSS_LIMIT' });
    // A trade may reach it in the very millisecond in which it was placed.
    expect(Number(working['workingTime'])).toBeGreaterThanOrEqual(Number(working['time']));
    expect((await client.fetchOrderBook(symbol, 5_000)).asks).toContainEqual([Number(working['price']), 0.01]);
    await client.cancelAllOrders(symbol);
  });
});

describe('an unmodified ccxt client replaces an order', () => {
  test('by another at a new price, over REST and over the websocket', async () => {
    const order = await client.createOrder(symbol, 'limit', 'buy', 0.01, await near(-500));
    const price = await near(-600);
    const edited = await client.editOrder(String(order.id), symbol, 'limit', 'buy', 0.02, price);
    expect(edited.id).not.toBe(order.id);
    expect(await client.fetchOpenOrders(symbol)).toMatchObject([{ id: edited.id, amount: 0.02, price }]);
    const again = await client.editOrderWs(String(edited.id), symbol, 'limit', 'buy', 0.03, price);
    expect(await client.fetchOpenOrders(symbol)).toMatchObject([{ id: again.id, amount: 0.03 }]);
    await client.cancelAllOrders(symbol);
  });

  test('and hears which half failed', async () => {
    const price = await near(-500);
    await expect(client.editOrder('1', symbol, 'limit', 'buy', 0.01, price)).rejects.toMatchObject({
      message: expect.stringContaining('"code":-2022'),
    });
    const order = await client.createOrder(symbol, 'limit', 'buy', 0.01, price);
    await expect(client.editOrder(String(order.id), symbol, 'limit', 'buy', 5_000, price)).rejects.toMatchObject({
      message: expect.stringMatching(/"code":-2021.*"cancelResult":"SUCCESS","newOrderResult":"FAILURE"/),
    });
    expect(await client.fetchOpenOrders(symbol)).toEqual([]);
  });
});

describe('an unmodified ccxt client', () => {
  test('lists all orders from an id and from a time, and all trades of an order', async () => {
    const first = await client.createOrder(symbol, 'market', 'buy', 0.01);
    const second = await client.createOrder(symbol, 'market', 'buy', 0.01);
    const ids = (orders: readonly { id?: string | undefined }[]) => orders.map(({ id }) => id);
    expect(ids(await client.fetchOrders(symbol, undefined, undefined, { orderId: first.id }))).toEqual([
      first.id,
      second.id,
    ]);
    expect(ids(await client.fetchOrders(symbol, second.timestamp))).toContain(second.id);
    expect(ids(await client.fetchOrders(symbol, undefined, 1))).toEqual([second.id]);
    const trades = await client.fetchOrderTrades(String(first.id), symbol);
    expect(trades.length).toBeGreaterThan(0);
    expect(new Set(trades.map(({ order }) => order))).toEqual(new Set([first.id]));
    const [trade] = trades;
    const from = await client.fetchMyTrades(symbol, undefined, undefined, { fromId: trade?.id });
    expect(from[0]?.id).toBe(trade?.id);
  });

  test('trades several symbols, and its open orders are listed for one and for all', async () => {
    const low = Number(client.priceToPrecision('ETH/BTC', Number((await client.fetchTicker('ETH/BTC')).bid) * 0.9));
    const first = await client.createOrder('ETH/BTC', 'limit', 'buy', 1, low);
    const second = await client.createOrder(symbol, 'limit', 'buy', 0.01, await near(-500));
    client.options['fetchOpenOrders'] = { warnWithoutSymbol: false };
    const open = await client.fetchOpenOrders();
    expect(open.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect((await client.fetchOpenOrders('ETH/BTC')).map(({ id }) => id)).toEqual([first.id]);
    await client.cancelAllOrders('ETH/BTC');
    await client.cancelAllOrders(symbol);
  });

  test('sees nothing of another account', async () => {
    const order = await client.createOrder(symbol, 'limit', 'buy', 0.01, await near(-500));
    await expect(other.fetchOrder(String(order.id), symbol)).rejects.toMatchObject({ name: 'OrderNotFound' });
    await expect(other.cancelOrder(String(order.id), symbol)).rejects.toMatchObject({ name: 'OrderNotFound' });
    expect(await other.fetchOpenOrders(symbol)).toEqual([]);
    expect((await other.fetchBalance())['USDT']?.used).toBe(0);
    await client.cancelAllOrders(symbol);
  });

  test('pays commissions in the third asset at its price, in orders, trades, events and balances', async () => {
    const held = async (): Promise<number> => Number((await client.fetchBalance())['BNB']?.free);
    const before = await held();
    const watched = client.watchMyTrades(symbol);
    const order = await until(
      () => client.createOrder(symbol, 'market', 'buy', 0.02),
      () => true,
    );
    expect(order.fee?.currency).toBe('BNB');
    const cost = Number(order.fee?.cost);
    // A thousandth of the trade in coins of some 600.
    expect(cost).toBeGreaterThan((Number(order.cost) / 1_000 / 600) * 0.9);
    expect(cost).toBeLessThan((Number(order.cost) / 1_000 / 600) * 1.1);
    expect(await held()).toBeCloseTo(before - cost, 8);
    const trades = (await client.fetchMyTrades(symbol)).filter((trade) => trade.order === order.id);
    expect(trades.reduce((sum, { fee }) => sum + Number(fee?.cost), 0)).toBeCloseTo(cost, 8);
    // The first subscription may have come after that trade: another one is then heard.
    const again = client.createOrder(symbol, 'market', 'buy', 0.02);
    expect((await watched)[0]?.fee?.currency).toBe('BNB');
    await again;
  });

  test('reads its rates and tests an order without placing it', async () => {
    const rates = await client.privateGetAccountCommission({ symbol: 'BTCUSDT' });
    expect(rates).toMatchObject({ standardCommission: { maker: '0.00100000', taker: '0.00100000' } });
    expect((await client.fetchTradingFee(symbol)).maker).toBe(0.001);
    const before = (await client.fetchOrders(symbol)).length;
    await client.createOrder(symbol, 'limit', 'buy', 0.01, await near(-500), { test: true });
    expect(await client.fetchOrders(symbol)).toHaveLength(before);
  });
});

describe('an unmodified ccxt client gets the code, the words and its own class for', () => {
  const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '50000' };
  const { timeInForce: _life, ...maker } = { ...order, type: 'LIMIT_MAKER' };
  const place = (change: Record<string, string>) => client.privatePostOrder({ ...order, ...change });

  test.each<[string, () => Promise<unknown>, string, string]>([
    [
      'a price off tick',
      () => place({ price: '50000.001' }),
      'InvalidOrder',
      '{"code":-1013,"msg":"Filter failure: PRICE_FILTER"}',
    ],
    [
      'a quantity off step',
      () => place({ quantity: '0.010001' }),
      'InvalidOrder',
      '{"code":-1013,"msg":"Filter failure: LOT_SIZE"}',
    ],
    [
      'an order of too little worth',
      () => place({ quantity: '0.00001' }),
      'BadRequest',
      '{"code":-1013,"msg":"Filter failure: NOTIONAL"}',
    ],
    [
      'too little balance',
      () => place({ quantity: '5000' }),
      'InsufficientFunds',
      '{"code":-2010,"msg":"Account has insufficient balance for requested action."}',
    ],
    [
      'a post-only order that would take',
      () => client.privatePostOrder({ ...maker, price: '65000' }),
      'OrderImmediatelyFillable',
      '{"code":-2010,"msg":"Order would immediately match and take."}',
    ],
    [
      'a stop price that is reached already',
      () => place({ type: 'STOP_LOSS_LIMIT', stopPrice: '50000' }),
      'OrderImmediatelyFillable',
      '{"code":-2010,"msg":"Stop price would trigger immediately."}',
    ],
    [
      'an order to cancel that is not there',
      () => client.privateDeleteOrder({ symbol: 'BTCUSDT', orderId: 999_999_999 }),
      'OrderNotFound',
      '{"code":-2011,"msg":"Unknown order sent."}',
    ],
    [
      'an order to look at that is not there',
      () => client.privateGetOrder({ symbol: 'BTCUSDT', orderId: 999_999_999 }),
      'OrderNotFound',
      '{"code":-2013,"msg":"Order does not exist."}',
    ],
  ])('%s', async (_what, call, name, text) => {
    await expect(call()).rejects.toMatchObject({ name });
    // ccxt leaves the code out of some messages; what the venue said is all here.
    expect(client.last_http_response).toBe(text);
  });

  test('a client order id that is open already', async () => {
    await place({ newClientOrderId: 'once' });
    await expect(place({ newClientOrderId: 'once' })).rejects.toMatchObject({
      name: 'InvalidOrder',
      message: expect.stringContaining('{"code":-2010,"msg":"Duplicate order sent."}'),
    });
    await client.cancelAllOrders(symbol);
  });

  test('a signature by another secret', async () => {
    const { secret } = client;
    client.secret = 'wrong';
    try {
      await expect(client.fetchOpenOrders(symbol)).rejects.toMatchObject({
        name: 'AuthenticationError',
        message: expect.stringContaining('{"code":-1022,"msg":"Signature for this request is not valid."}'),
      });
    } finally {
      client.secret = secret;
    }
  });
});
