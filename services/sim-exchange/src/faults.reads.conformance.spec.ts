import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CcxtBinance } from '../test/exchange-process.js';
import { classOf, FaultyExchange, symbol, until } from '../test/faulty-exchange.js';
import { UserEvents } from '../test/user-events.js';

let venue: FaultyExchange;

beforeAll(async () => {
  venue = await FaultyExchange.start();
});

afterAll(() => venue.stop());

beforeEach(async () => {
  await venue.clear();
  if ((await venue.client.fetchOpenOrders(symbol)).length > 0) await venue.client.cancelAllOrders(symbol);
});

describe('while an order is cancelled, ccxt', () => {
  test.each<[string, object, string, string]>([
    ['loses the connection after it was cancelled', { kind: 'drop-answer' }, 'NetworkError', 'canceled'],
    ['is told 504 after it was cancelled', { kind: 'drop-answer', as: '504' }, 'RequestTimeout', 'canceled'],
    ['is told 500 before it was cancelled', { kind: 'server-error' }, 'OperationFailed', 'open'],
    ['gets a page before it was cancelled', { kind: 'html' }, 'ExchangeNotAvailable', 'open'],
    ['is told to slow down', { kind: 'rate-limit' }, 'DDoSProtection', 'open'],
  ])('%s', async (_what, fault, name, status) => {
    const order = await venue.place(venue.freshId());
    await venue.set({ scope: { operation: 'cancel' }, count: 1, ...fault });
    expect(await classOf(venue.client.cancelOrder(String(order.id), symbol))).toBe(name);
    expect((await venue.client.fetchOrder(String(order.id), symbol)).status).toBe(status);
  });
});

describe('while it asks, ccxt', () => {
  test.each<[string, object, string]>([
    ['loses the connection', { kind: 'drop-answer' }, 'NetworkError'],
    ['is told 500', { kind: 'server-error' }, 'OperationFailed'],
    ['gets a page', { kind: 'html', status: 503 }, 'ExchangeNotAvailable'],
    ['is told to slow down', { kind: 'rate-limit' }, 'DDoSProtection'],
    ['is banned', { kind: 'ban' }, 'DDoSProtection'],
  ])('%s, and is answered the next time', async (_what, fault, name) => {
    await venue.set({ scope: { operation: 'read' }, count: 1, ...fault });
    expect(await classOf(venue.client.fetchBalance())).toBe(name);
    expect((await venue.client.fetchBalance())['USDT']?.total).toBeGreaterThan(0);
  });

  test('finds no order that is there, while the answers lie behind', async () => {
    await venue.set({ kind: 'stale-read', ageMs: 60_000 });
    const id = venue.freshId();
    const order = await venue.place(id);
    await expect(venue.client.fetchOrder('', symbol, { clientOrderId: id })).rejects.toMatchObject({
      name: 'OrderNotFound',
    });
    expect(await venue.client.fetchOpenOrders(symbol)).toEqual([]);
    expect(await venue.ordersWith(id)).toBe(1);
    await venue.clear();
    expect((await venue.client.fetchOrder('', symbol, { clientOrderId: id })).id).toBe(order.id);
  });
});

describe('over the websocket, ccxt', () => {
  test('loses the connection, finds no order, and it is placed later', async () => {
    await venue.set({ kind: 'late-placement', delayMs: 500, count: 1 });
    const id = venue.freshId();
    const params = { clientOrderId: id };
    expect(await classOf(venue.client.createOrderWs(symbol, 'limit', 'buy', 0.01, venue.price, params))).toBe(
      'NetworkError',
    );
    await until(
      () => venue.ordersWith(id),
      (orders) => orders === 1,
    );
    expect((await venue.client.fetchOrder('', symbol, params)).status).toBe('open');
  });

  test('waits for an answer that is late, and gets it', async () => {
    await venue.set({ kind: 'latency', delayMs: 300, scope: { route: 'order.place' }, count: 1 });
    const order = await venue.client.createOrderWs(symbol, 'limit', 'buy', 0.01, venue.price);
    expect(order.status).toBe('open');
    expect(await venue.client.fetchOpenOrders(symbol)).toHaveLength(1);
  });
});

describe('the user stream', () => {
  test('tells what happened, in another order, when events change theirs', async () => {
    await venue.set({ kind: 'reorder', window: 2, holdMs: 60_000, scope: { stream: 'user' } });
    const events = await UserEvents.subscribe(venue.announcement);
    const order = await venue.place(venue.freshId());
    await venue.client.cancelOrder(String(order.id), symbol);
    const labels = (await events.first(4)).map(({ e, x, B }) => {
      if (e === 'executionReport') return x;
      const usdt = (B as { a: string; l: string }[]).find(({ a }) => a === 'USDT');
      return Number(usdt?.l) > 0 ? 'locked' : 'free';
    });
    expect(labels).toEqual(['locked', 'NEW', 'free', 'CANCELED']);
    events.close();
  });

  test('that is silent is noticed by the missing pong, and ccxt hears again on a new connection', async () => {
    const watcher = await venue.connect();
    watcher.streaming = { ...watcher.streaming, keepAlive: 1_000, maxPingPongMisses: 2 };
    await hearOrders(watcher);
    await venue.set({ kind: 'silent-socket', scope: { stream: 'user' } });
    const error = await until(
      () => classOf(watcher.watchOrders(symbol)),
      (name) => name !== 'no error',
    );
    expect(error).toBe('RequestTimeout');
    await venue.clear();
    await hearOrders(watcher);
    await watcher.close();
  });

  /** Places orders until the client hears of one as open: the first may be placed before its stream stands. */
  async function hearOrders(watcher: CcxtBinance): Promise<void> {
    let isHeard = false;
    const watching = (async () => {
      while (!isHeard) isHeard = (await watcher.watchOrders(symbol)).some(({ status }) => status === 'open');
    })();
    await until(
      () => venue.place(venue.freshId()).then((order) => venue.client.cancelOrder(String(order.id), symbol)),
      () => isHeard,
    );
    await watching;
  }
});
