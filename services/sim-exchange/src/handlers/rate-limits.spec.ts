import { beforeEach, describe, expect, test } from '@jest/globals';
import type { OrderChange, VenueFill, VenueOrder } from '../domain/venue-order.js';
import { weightOf } from './rate-limit-weights.js';
import { defaultRateLimits, RateLimits } from './rate-limits.js';

const fullMinute = 1_800_000_000_000;
let now: number;
let limits: RateLimits;

beforeEach(() => {
  now = fullMinute;
  limits = new RateLimits(
    { ...defaultRateLimits, weightPerMinute: 10, ordersPer10Seconds: 2, ordersPerDay: 3, refusalsPerMinute: 2 },
    () => now,
  );
});

const accepted: OrderChange = { kind: 'accepted' };
const fills: VenueFill[] = [];
const order = { fills } as unknown as VenueOrder;
const place = (account = 1): void => limits.orderChanged(account, order, accepted);

describe('request weight', () => {
  test('is counted by address and starts anew at the full minute', () => {
    now += 59_000;
    expect(limits.charge('a', 10)).toBeNull();
    expect(limits.charge('a', 1)).toEqual({
      status: 429,
      code: -1003,
      msg: 'Too much request weight used; current limit is 10 request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.',
      retryAt: fullMinute + 60_000,
      retryAfterSeconds: 1,
    });
    expect(limits.usedWeight('a')).toBe(11);
    expect(limits.charge('b', 1)).toBeNull();
    now += 1_000;
    expect(limits.usedWeight('a')).toBe(0);
    expect(limits.charge('a', 1)).toBeNull();
  });

  test('whoever goes on after 429 is banned, the next time for twice as long', () => {
    const exceed = () => Array.from({ length: 4 }, () => limits.charge('a', 11)?.status);
    expect(exceed()).toEqual([429, 429, 418, 418]);
    expect(limits.charge('a', 0)).toMatchObject({
      status: 418,
      code: -1003,
      msg: `Way too much request weight used; IP banned until ${fullMinute + 120_000}. Please use WebSocket Streams for live updates to avoid bans.`,
      retryAfterSeconds: 120,
    });
    expect(limits.charge('b', 1)).toBeNull();
    now += 119_999;
    expect(limits.charge('a', 0)?.status).toBe(418);
    now += 1;
    expect(limits.charge('a', 1)).toBeNull();
    expect(exceed()).toEqual([429, 429, 418, 418]);
    expect(limits.charge('a', 0)?.retryAfterSeconds).toBe(240);
  });

  test('is remembered of ten thousand addresses, not more', () => {
    limits.charge('first', 5);
    for (let index = 0; index < 10_000; index += 1) limits.charge(`address-${index}`, 1);
    expect(limits.usedWeight('first')).toBe(0);
    expect(limits.usedWeight('address-0')).toBe(1);
  });
});

describe('orders', () => {
  test('are counted by account, in ten seconds and in a day', () => {
    place();
    place();
    place(2);
    expect(limits.orderRefusal('a', 1)).toMatchObject({
      status: 429,
      code: -1015,
      msg: 'Too many new orders; current limit is 2 orders per 10 SECOND.',
      retryAfterSeconds: 10,
    });
    expect(limits.orderRefusal('a', 2)).toBeNull();
    now += 10_000;
    expect(limits.orderRefusal('a', 1)).toBeNull();
    place();
    expect(limits.orderRefusal('a', 1)?.msg).toBe('Too many new orders; current limit is 3 orders per 1 DAY.');
    expect([limits.ordersIn10Seconds(1), limits.ordersInDay(1)]).toEqual([1, 3]);
  });

  test('that trade do not count any more, once each', () => {
    place();
    place();
    const [first, second] = [{}, {}] as VenueFill[];
    const filled = { fills: [first, second] } as unknown as VenueOrder;
    limits.orderChanged(1, filled, { kind: 'filled', fill: first as VenueFill });
    limits.orderChanged(1, filled, { kind: 'filled', fill: second as VenueFill });
    expect([limits.ordersIn10Seconds(1), limits.ordersInDay(1)]).toEqual([1, 1]);
  });

  test('asked for again and again ban the address', () => {
    place();
    place();
    expect([1, 2, 3].map(() => limits.orderRefusal('a', 1)?.status)).toEqual([429, 429, 418]);
    expect(limits.charge('a', 0)?.status).toBe(418);
  });
});

test('new limits begin at zero, and are what exchangeInfo tells', () => {
  limits.charge('a', 11);
  place();
  limits.change({ ...limits.settings, weightPerMinute: 20 });
  expect([limits.usedWeight('a'), limits.ordersInDay(1)]).toEqual([0, 0]);
  expect(limits.rows()).toEqual([
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 20 },
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 2 },
    { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 3 },
  ]);
});

test.each<[string, string, number]>([
  ['GET /api/v3/ping', '', 1],
  ['GET /api/v3/exchangeInfo', '', 20],
  ['GET /api/v3/depth', 'limit=100', 5],
  ['GET /api/v3/depth', '', 5],
  ['GET /api/v3/depth', 'limit=500', 25],
  ['GET /api/v3/depth', 'limit=1000', 50],
  ['GET /api/v3/depth', 'limit=5000', 250],
  ['GET /api/v3/trades', '', 25],
  ['GET /api/v3/aggTrades', '', 4],
  ['GET /api/v3/klines', '', 2],
  ['GET /api/v3/ticker/24hr', 'symbol=BTCUSDT', 2],
  ['GET /api/v3/ticker/24hr', 'symbols=["A","B"]', 2],
  ['GET /api/v3/ticker/24hr', '', 80],
  ['GET /api/v3/ticker/price', '', 4],
  ['GET /api/v3/ticker/bookTicker', 'symbol=BTCUSDT', 2],
  ['POST /api/v3/order', '', 1],
  ['POST /api/v3/order/test', 'computeCommissionRates=true', 20],
  ['DELETE /api/v3/order', '', 1],
  ['GET /api/v3/order', '', 4],
  ['GET /api/v3/openOrders', 'symbol=BTCUSDT', 6],
  ['GET /api/v3/openOrders', '', 80],
  ['GET /api/v3/allOrders', '', 20],
  ['GET /api/v3/myTrades', '', 20],
  ['GET /api/v3/myTrades', 'orderId=1', 5],
  ['GET /api/v3/account', '', 20],
  ['order.place', '', 1],
  ['order.status', '', 4],
  ['userDataStream.subscribe.signature', '', 2],
  ['toString', '', 1],
])('%s?%s weighs %i', (name, query, weight) => {
  expect(weightOf(name, () => new URLSearchParams(query))).toBe(weight);
});
