import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { beforeIt, classOf, FaultyExchange, symbol, until } from '../test/faulty-exchange.js';

let venue: FaultyExchange;

beforeAll(async () => {
  venue = await FaultyExchange.start();
});

afterAll(() => venue.stop());

beforeEach(async () => {
  await venue.clear();
  if ((await venue.client.fetchOpenOrders(symbol)).length > 0) await venue.client.cancelAllOrders(symbol);
});

describe('while an order is placed, ccxt', () => {
  const both = { scope: { operation: 'place' }, count: 1 };

  test.each<[string, object, string, number]>([
    ['loses the connection after it was placed', { kind: 'drop-answer' }, 'NetworkError', 1],
    ['is told 504 after it was placed', { kind: 'drop-answer', as: '504' }, 'RequestTimeout', 1],
    ['is told 503 after it was placed', { kind: 'drop-answer', as: '503' }, 'OperationFailed', 1],
    ['is told 500 before it was placed', { kind: 'server-error' }, 'OperationFailed', 0],
    ['is told 500 after it was placed', { kind: 'server-error', executed: true }, 'OperationFailed', 1],
    ['is told that the venue is overloaded', { kind: 'server-error', status: 503, code: -1008 }, 'OperationFailed', 0],
    ['gets a page before it was placed', { kind: 'html' }, 'ExchangeNotAvailable', 0],
    ['gets a page after it was placed', { kind: 'html', executed: true }, 'ExchangeNotAvailable', 1],
    ['gets a page that says 504', { kind: 'html', status: 504 }, 'RequestTimeout', 0],
    ['gets a page that says 403', { kind: 'html', status: 403 }, 'ExchangeNotAvailable', 0],
    ['is told to slow down', { kind: 'rate-limit' }, 'DDoSProtection', 0],
    ['is told of too many orders', { kind: 'rate-limit', code: -1015 }, 'DDoSProtection', 0],
    ['is banned', { kind: 'ban' }, 'DDoSProtection', 0],
  ])('%s', async (_what, fault, name, orders) => {
    await venue.set({ ...both, ...fault });
    const id = venue.freshId();
    expect(await classOf(venue.place(id))).toBe(name);
    expect(await venue.ordersWith(id)).toBe(orders);
    // The fault is over: the venue tells the truth by the client's own id, and goes on.
    const query = venue.client.fetchOrder('', symbol, { clientOrderId: id });
    if (orders === 0) await expect(query).rejects.toMatchObject({ name: 'OrderNotFound' });
    else expect(await query).toMatchObject({ clientOrderId: id, status: 'open' });
    expect((await venue.place(venue.freshId())).status).toBe('open');
  });

  test('times out by itself when the answer never comes, and the order is there', async () => {
    await venue.set({ ...both, kind: 'drop-answer', as: 'silence' });
    const id = venue.freshId();
    const impatient = await venue.connect();
    impatient.timeout = 300;
    expect(await classOf(venue.place(id, impatient))).toBe('RequestTimeout');
    expect(await venue.ordersWith(id)).toBe(1);
    await impatient.close();
  });

  test('times out by itself when the network is slow, and the order is placed all the same', async () => {
    const impatient = await venue.connect();
    impatient.timeout = 200;
    const { id, orders } = await beforeIt(async (delayMs) => {
      const placed = venue.freshId();
      await venue.set({ ...both, kind: 'latency', delayMs });
      expect(await classOf(venue.place(placed, impatient))).toBe('RequestTimeout');
      return { id: placed, orders: await venue.ordersWith(placed) };
    });
    expect(orders).toBe(0);
    await until(
      () => venue.ordersWith(id),
      (later) => later === 1,
    );
    await impatient.close();
  });

  test('loses the connection, finds no order, and it is placed later', async () => {
    const { id, name } = await beforeIt(async (delayMs) => {
      const placed = venue.freshId();
      await venue.set({ kind: 'late-placement', delayMs, count: 1 });
      expect(await classOf(venue.place(placed))).toBe('NetworkError');
      return { id: placed, name: await classOf(venue.client.fetchOrder('', symbol, { clientOrderId: placed })) };
    });
    expect(name).toBe('OrderNotFound');
    const order = await until(
      () => venue.client.fetchOrder('', symbol, { clientOrderId: id }).catch(() => null),
      (found) => found !== null,
    );
    expect(order?.status).toBe('open');
    expect(await venue.ordersWith(id)).toBe(1);
  });

  // The id is free again when the second order is cancelled, so nothing but its window stops the first.
  test.each([
    ['makes one order of a late one that is sent again, if its window is over when it comes', 200, 1],
    ['makes two of it, if its window is still open', 60_000, 2],
  ])('%s', async (_what, recvWindow, orders) => {
    const { id, lateMs } = await beforeIt(async (delayMs) => {
      const placed = venue.freshId();
      await venue.set({ kind: 'late-placement', delayMs, count: 1 });
      const params = { clientOrderId: placed, recvWindow };
      expect(await classOf(venue.client.createOrder(symbol, 'limit', 'buy', 0.01, venue.price, params))).toBe(
        'NetworkError',
      );
      const resent = await venue.place(placed);
      await venue.client.cancelOrder(String(resent.id), symbol);
      return { id: placed, lateMs: delayMs };
    });
    // Another order that is later still tells when the first has come.
    await venue.set({ kind: 'late-placement', delayMs: lateMs + 50, count: 1 });
    const marker = venue.freshId();
    expect(await classOf(venue.place(marker))).toBe('NetworkError');
    await until(
      () => venue.ordersWith(marker),
      (count) => count === 1,
    );
    expect(await venue.ordersWith(id)).toBe(orders);
  });
});

describe('while an order is placed over the websocket, ccxt', () => {
  const placeWs = (clientOrderId: string) =>
    venue.client.createOrderWs(symbol, 'limit', 'buy', 0.01, venue.price, { clientOrderId });

  test.each<[string, object, string, number]>([
    ['loses the connection after it was placed', { kind: 'drop-answer' }, 'NetworkError', 1],
    ['is told 504 after it was placed', { kind: 'drop-answer', as: '504' }, 'RequestTimeout', 1],
    ['is told to slow down', { kind: 'rate-limit' }, 'RateLimitExceeded', 0],
    ['is told of too many orders', { kind: 'rate-limit', code: -1015 }, 'RateLimitExceeded', 0],
    ['is told of an internal error', { kind: 'server-error' }, 'OperationFailed', 0],
  ])('%s', async (_what, fault, name, orders) => {
    await venue.set({ scope: { route: 'order.place' }, count: 1, ...fault });
    const id = venue.freshId();
    expect(await classOf(placeWs(id))).toBe(name);
    expect(await venue.ordersWith(id)).toBe(orders);
  });
});

describe('when the clock of the venue is off, ccxt', () => {
  test('is refused for its time, and trades again when it has asked the venue for the time', async () => {
    await venue.set({ kind: 'clock-skew', offsetMs: 60_000 });
    const id = venue.freshId();
    expect(await classOf(venue.place(id))).toBe('InvalidNonce');
    expect(await venue.ordersWith(id)).toBe(0);
    await venue.client.loadTimeDifference();
    expect((await venue.place(id)).status).toBe('open');
    await venue.clear();
    await venue.client.loadTimeDifference();
    expect((await venue.place(venue.freshId())).status).toBe('open');
  });
});

describe('within the limits of the venue, ccxt', () => {
  const usual = { weightPerMinute: 600_000, ordersPer10Seconds: 100_000, refusalsPerMinute: 100 };

  test('reads what it has used and how much is allowed', async () => {
    await venue.limit({ weightPerMinute: 6_000, ordersPer10Seconds: 50, ordersPerDay: 160_000 });
    const { rateLimits } = (await venue.client.publicGetExchangeInfo()) as { rateLimits: readonly object[] };
    expect(rateLimits).toEqual([
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6_000 },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 50 },
      { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 160_000 },
    ]);
    // Once more where a minute ended in between: the count began anew.
    const minute = () => Math.floor(Date.now() / 60_000);
    const [placed, asked] = await until(
      async () => {
        await venue.limit({});
        const began = minute();
        await venue.place(venue.freshId());
        const first = venue.client.last_response_headers;
        await venue.client.fetchBalance();
        return [first, venue.client.last_response_headers, began === minute()] as const;
      },
      ([, , isOneMinute]) => isOneMinute,
    );
    expect(placed).toMatchObject({
      'X-Mbx-Used-Weight-1m': '1',
      'X-Mbx-Order-Count-10s': '1',
      'X-Mbx-Order-Count-1d': '1',
    });
    expect(asked).toMatchObject({ 'X-Mbx-Used-Weight-1m': '21' });
    await venue.limit(usual);
  });

  test('is told to slow down, then banned when it does not', async () => {
    await venue.limit({ weightPerMinute: 1, refusalsPerMinute: 2, banSeconds: 600 });
    const texts: string[] = [];
    await until(
      () => venue.client.fetchBalance().catch((error: Error) => texts.push(`${error.name} ${error.message}`)),
      () => texts.length === 4,
    );
    expect(texts.map((text) => /(429|418) /.exec(text)?.[1])).toEqual(['429', '429', '418', '418']);
    expect(texts[0]).toMatch(/^DDoSProtection .*"code":-1003.*current limit is 1 request weight per 1 MINUTE/);
    expect(texts[2]).toMatch(/^DDoSProtection .*"code":-1003.*IP banned until \d{13}/);
    await venue.limit(usual);
    expect((await venue.client.fetchBalance())['USDT']?.total).toBeGreaterThan(0);
  });

  test('may place so many orders in ten seconds, and not one more', async () => {
    await venue.limit({ ordersPer10Seconds: 3 });
    const names = await Promise.all(Array.from({ length: 8 }, () => classOf(venue.place(venue.freshId()))));
    expect(new Set(names)).toEqual(new Set(['no error', 'DDoSProtection']));
    const id = venue.freshId();
    await until(
      () => classOf(venue.client.createOrderWs(symbol, 'limit', 'buy', 0.01, venue.price, { clientOrderId: id })),
      (name) => name === 'RateLimitExceeded',
    );
    await venue.limit(usual);
  });
});
