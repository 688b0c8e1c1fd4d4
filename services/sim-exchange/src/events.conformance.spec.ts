import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CcxtBinance, ccxtClient, startExchange } from '../test/exchange-process.js';
import { until } from '../test/faulty-exchange.js';
import { combinedEventsOf, eventsOf, StreamTalk } from '../test/raw-stream.js';
import { UserEvents } from '../test/user-events.js';
import type { SimExchange } from './sim-exchange.module.js';

const symbol = 'BTC/USDT';
const markets = ['btcusdt', 'ethusdt'];
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

const price = expect.stringMatching(/^\d+\.\d{8}$/);
const isNow = (time: unknown): boolean => Math.abs(Number(time) - Date.now()) < 60_000;

describe('every symbol tells by itself', () => {
  test.each<[string, string, object]>([
    ['trade', 'trade', { p: price, q: price, m: expect.any(Boolean), M: true }],
    ['aggTrade', 'aggTrade', { p: price, q: price, f: expect.any(Number), l: expect.any(Number) }],
    ['depth', 'depthUpdate', { U: expect.any(Number), u: expect.any(Number) }],
    ['depth@100ms', 'depthUpdate', { b: expect.any(Array), a: expect.any(Array) }],
    ['kline_1m', 'kline', { k: expect.objectContaining({ i: '1m', o: price, c: price, x: expect.any(Boolean) }) }],
    ['miniTicker', '24hrMiniTicker', { o: price, c: price, h: price, l: price }],
    ['ticker', '24hrTicker', { b: price, a: price, c: price }],
    ['avgPrice', 'avgPrice', { i: '5m', w: price }],
  ])('%s, with the time of the wall', async (stream, e, fields) => {
    const told = await Promise.all(markets.map((name) => eventsOf(exchange.announcement, `${name}@${stream}`, 2)));
    told.forEach((events, index) => {
      for (const event of events) {
        expect(event).toMatchObject({ e, s: markets[index]?.toUpperCase(), ...fields });
        expect(isNow(event['E'])).toBe(true);
      }
    });
  });

  test('bookTicker, which has neither name nor time, and the first levels of the book', async () => {
    for (const name of markets) {
      const [quote] = await eventsOf(exchange.announcement, `${name}@bookTicker`);
      expect(quote).toEqual({ u: expect.any(Number), s: name.toUpperCase(), b: price, B: price, a: price, A: price });
      const [levels] = await eventsOf(exchange.announcement, `${name}@depth5`);
      expect(levels).toMatchObject({ lastUpdateId: expect.any(Number) });
      expect([levels?.['bids'], levels?.['asks']].map((side) => (side as unknown[]).length)).toEqual([5, 5]);
    }
  });

  test('both on one connection, each event with the name of its stream', async () => {
    const streams = markets.map((name) => `${name}@trade`);
    const heard = new Set<unknown>();
    for (const { stream, data } of await combinedEventsOf(exchange.announcement, streams)) {
      expect(data).toMatchObject({ e: 'trade', s: String(stream).split('@')[0]?.toUpperCase() });
      heard.add(stream);
    }
    expect([...heard].sort()).toEqual(streams);
  });

  test('what a connection asks for, lists and gives up again', async () => {
    const talk = await StreamTalk.open(exchange.announcement);
    expect(await talk.ask('SUBSCRIBE', ['btcusdt@trade', 'btcusdt@depth'])).toMatchObject({ result: null });
    expect(await talk.ask('LIST_SUBSCRIPTIONS')).toMatchObject({ result: ['btcusdt@trade', 'btcusdt@depth'] });
    expect(await talk.ask('UNSUBSCRIBE', ['btcusdt@trade'])).toMatchObject({ result: null });
    expect(await talk.ask('LIST_SUBSCRIPTIONS')).toMatchObject({ result: ['btcusdt@depth'] });
    talk.close();
  });

  test('trades put together, which an unmodified ccxt.pro client can choose, and stops to hear', async () => {
    const trades = await client.watchTrades(symbol, undefined, undefined, { name: 'aggTrade' });
    expect(Number(trades[0]?.price)).toBeGreaterThan(0);
    await client.unWatchTradesForSymbols([symbol], { name: 'aggTrade' });
  });
});

describe('the user stream tells', () => {
  let events: UserEvents;
  let ids = 0;
  const nextId = (): string => {
    ids += 1;
    return `event${ids}`;
  };

  beforeAll(async () => {
    events = await UserEvents.subscribe(exchange.announcement);
  });
  afterAll(() => events.close());

  const ask = async (): Promise<number> => Number((await client.fetchOrderBook(symbol, 5)).asks[0]?.[0]);
  const onTick = (value: number): number => Number(client.priceToPrecision(symbol, value));
  const changesOf = async (id: string, count: number) =>
    (await events.of(id, count)).map(({ x, X }) => `${String(x)} ${String(X)}`);

  test('a new order and its cancel, which carries the id of the order as the original one', async () => {
    const id = nextId();
    const order = await client.createOrder(symbol, 'limit', 'buy', 0.01, onTick((await ask()) * 0.9), {
      clientOrderId: id,
    });
    const [accepted] = await events.of(id, 1);
    expect(accepted).toMatchObject({
      x: 'NEW',
      X: 'NEW',
      i: Number(order.id),
      S: 'BUY',
      o: 'LIMIT',
      f: 'GTC',
      w: true,
    });
    await client.privateDeleteOrder({ symbol: 'BTCUSDT', orderId: order.id, newClientOrderId: `${id}-cancel` });
    const [canceled] = await events.of(`${id}-cancel`, 1);
    expect(canceled).toMatchObject({ x: 'CANCELED', X: 'CANCELED', C: id, i: Number(order.id), z: '0.00000000' });
  });

  test('each fill with what is filled altogether, and the rest that expires', async () => {
    const id = await until(
      async () => {
        const clientOrderId = nextId();
        const limit = onTick((await ask()) + 0.02);
        const params = { clientOrderId, timeInForce: 'IOC' };
        const order = await client.createOrder(symbol, 'limit', 'buy', 50, limit, params);
        return Number(order.filled) > 0 ? clientOrderId : null;
      },
      (found) => found !== null,
    );
    const order = await client.fetchOrder('', symbol, { clientOrderId: id });
    const trades = (await client.fetchMyTrades(symbol)).filter((trade) => trade.order === order.id);
    const told = await events.of(String(id), trades.length + 2);
    expect(told.map(({ x }) => x)).toEqual(['NEW', ...trades.map(() => 'TRADE'), 'EXPIRED']);
    const fills = told.filter(({ x }) => x === 'TRADE');
    expect(fills.map(({ t, l, L, N }) => [String(t), Number(l), Number(L), N])).toEqual(
      trades.map((trade) => [trade.id, trade.amount, trade.price, 'BTC']),
    );
    expect(fills.every(({ X }) => X === 'PARTIALLY_FILLED')).toBe(true);
    expect(Number(told.at(-1)?.['z'])).toBeCloseTo(Number(order.filled), 8);
    expect(Number(fills.at(-1)?.['Z'])).toBeCloseTo(Number(order.cost), 8);
  });

  test('an order that takes all it wants as filled', async () => {
    const id = nextId();
    const order = await client.createOrder(symbol, 'market', 'sell', 0.01, undefined, { clientOrderId: id });
    const count = (await client.fetchMyTrades(symbol)).filter((trade) => trade.order === order.id).length + 1;
    expect((await changesOf(id, count)).at(-1)).toBe('TRADE FILLED');
  });

  test('an order that makes way for another of its own account', async () => {
    const resting = await until(
      async () => {
        const clientOrderId = nextId();
        const best = await ask();
        await client.createOrder(symbol, 'limit', 'sell', 0.01, onTick(best + 0.5), { clientOrderId });
        await client.createOrder(symbol, 'limit', 'buy', 50, onTick(best + 1), { timeInForce: 'IOC' });
        const { info, id } = await client.fetchOrder('', symbol, { clientOrderId });
        const { status } = info as { status: string };
        if (status === 'NEW') await client.cancelOrder(String(id), symbol);
        return status === 'EXPIRED_IN_MATCH' ? clientOrderId : null;
      },
      (found) => found !== null,
    );
    expect(await changesOf(String(resting), 2)).toEqual(['NEW NEW', 'TRADE_PREVENTION EXPIRED_IN_MATCH']);
  });

  test('balances to the last digit that REST tells, when an order has locked and freed them', async () => {
    const id = nextId();
    const limit = onTick((await ask()) * 0.9);
    const order = await client.createOrder(symbol, 'limit', 'buy', 0.5, limit, { clientOrderId: id });
    await events.of(id, 1);
    await until(
      async () => (await events.balances())['USDT']?.locked,
      (locked) => Number(locked) === 0.5 * limit,
    );
    await client.cancelOrder(String(order.id), symbol);
    await until(
      async () => (await events.balances())['USDT']?.locked,
      (locked) => Number(locked) === 0,
    );
    const { USDT } = await client.fetchBalance();
    expect(Number((await events.balances())['USDT']?.free)).toBe(USDT?.free);
    expect(USDT?.used).toBe(0);
  });
});
