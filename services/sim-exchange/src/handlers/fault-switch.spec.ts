import { beforeEach, describe, expect, test } from '@jest/globals';
import { readFault } from './fault-reading.js';
import type { FaultRule, RequestCall } from './fault-rule.js';
import { FaultSwitch } from './fault-switch.js';

let now: number;
let faults: FaultSwitch;

beforeEach(() => {
  now = 1_800_000_000_000;
  faults = new FaultSwitch(() => now);
});

const rule = (body: object): FaultRule => {
  const read = readFault(body as Record<string, unknown>);
  if ('field' in read) throw new Error(`${read.field}: ${read.allowed}`);
  return read;
};
const placement: RequestCall = {
  door: 'rest',
  route: '/api/v3/order',
  method: 'POST',
  operation: 'place',
  apiKey: 'alice',
};
const query: RequestCall = { ...placement, method: 'GET', operation: 'read' };
const market = { streams: () => ['btcusdt@trade', 'btcusdt@depth@100ms'], apiKeys: new Set<string>() };
const user = { streams: () => ['user'], apiKeys: new Set(['alice']) };

describe('a fault hits', () => {
  test('every request until it is taken away', () => {
    const added = faults.add(rule({ kind: 'latency', delayMs: 5 }));
    for (let request = 0; request < 50; request += 1) expect(faults.plan(query)?.delayMs).toBe(5);
    expect(faults.list()).toMatchObject([{ id: added?.id, hits: 50, left: null }]);
    expect(faults.remove(Number(added?.id))).toBe(true);
    expect(faults.plan(query)).toBeNull();
    expect(faults.remove(Number(added?.id))).toBe(false);
  });

  test('as often as its count says', () => {
    faults.add(rule({ kind: 'html', count: 2 }));
    expect([1, 2, 3].map(() => faults.plan(query)?.ending?.answer !== undefined)).toEqual([true, true, false]);
    expect(faults.list()).toEqual([]);
  });

  test('with an old answer only what asks for own orders and fills', () => {
    faults.add(rule({ kind: 'stale-read', ageMs: 700, count: 2 }));
    const time: RequestCall = { ...query, route: '/api/v3/time' };
    expect(faults.plan(placement)).toBeNull();
    expect(faults.plan(time)).toBeNull();
    expect(faults.plan(query)).toEqual({ delayMs: 0, ending: null, staleMs: 700 });
    const socket: RequestCall = { ...query, door: 'websocket', route: 'order.status', method: null };
    expect(faults.plan(socket)?.staleMs).toBe(700);
    expect(faults.list()).toEqual([]);
  });

  test('until its duration is over', () => {
    faults.add(rule({ kind: 'ban', durationMs: 1_000 }));
    now += 999;
    expect(faults.plan(query)).not.toBeNull();
    expect(faults.list()).toMatchObject([{ endsInMs: 1 }]);
    now += 1;
    expect(faults.plan(query)).toBeNull();
    expect(faults.list()).toEqual([]);
  });

  test('the same requests for the same seed, and others for another', () => {
    const draw = (seed: number): readonly (number | undefined)[] => {
      const one = new FaultSwitch(() => now);
      one.add(rule({ kind: 'latency', delayMs: 10, spreadMs: 40, probability: 0.5, seed }));
      return Array.from({ length: 60 }, () => one.plan(query)?.delayMs);
    };
    const delays = draw(7);
    expect(draw(7)).toEqual(delays);
    expect(draw(8)).not.toEqual(delays);
    const hit = delays.filter((delay) => delay !== undefined);
    expect(hit.length).toBeGreaterThan(15);
    expect(hit.length).toBeLessThan(45);
    expect(hit.every((delay) => delay >= 10 && delay <= 50)).toBe(true);
    expect(new Set(hit).size).toBeGreaterThan(5);
  });

  test('once with the first ending, while delays add up', () => {
    faults.add(rule({ kind: 'latency', delayMs: 5 }));
    faults.add(rule({ kind: 'drop-answer', as: '504' }));
    faults.add(rule({ kind: 'html', count: 1 }));
    faults.add(rule({ kind: 'latency', delayMs: 7 }));
    expect(faults.plan(placement)).toMatchObject({ delayMs: 12, ending: { executes: true, answer: { code: -1007 } } });
    expect(faults.list()[2]).toMatchObject({ left: 1, hits: 0 });
  });
});

describe('a scope', () => {
  test.each<[string, object, RequestCall, boolean]>([
    ['an operation', { operation: 'place' }, placement, true],
    ['another operation', { operation: 'cancel' }, placement, false],
    ['a method', { method: 'POST' }, placement, true],
    ['another method', { method: 'POST' }, query, false],
    ['whole segments of a path', { route: '/api/v3/order' }, { ...query, route: '/api/v3/order/test' }, true],
    ['no longer word', { route: '/api/v3/order' }, { ...query, route: '/api/v3/orderList' }, false],
    [
      'a method of the websocket API',
      { route: 'order' },
      { ...placement, door: 'websocket', route: 'order.place' },
      true,
    ],
    ['an account', { account: 'alice' }, placement, true],
    ['another account', { account: 'bob' }, placement, false],
  ])('of %s', (_what, scope, call, isHit) => {
    faults.add(rule({ kind: 'latency', delayMs: 1, scope }));
    expect(faults.plan(call) !== null).toBe(isHit);
  });

  test('of a late placement is the placing of orders unless told', () => {
    faults.add(rule({ kind: 'late-placement', delayMs: 30 }));
    expect(faults.plan(query)).toBeNull();
    expect(faults.plan(placement)?.ending).toEqual({ executes: true, executesAfterMs: 30, answer: 'cut' });
  });

  test('of a stream tells sockets and events apart', () => {
    faults.add(rule({ kind: 'silent-socket', scope: { stream: 'user' } }));
    faults.add(rule({ kind: 'duplicate', copies: 2, scope: { stream: 'btcusdt@trade' } }));
    expect(faults.isSilent(market)).toBe(false);
    expect(faults.isSilent(user)).toBe(true);
    expect(faults.eventPlan(market, 'btcusdt@trade')).toEqual({ copies: 2, reorder: null });
    expect(faults.eventPlan(market, 'btcusdt@depth@100ms')).toBeNull();
  });

  test('of an account on a socket is that of the keys that spoke on it', () => {
    faults.add(rule({ kind: 'silent-socket', scope: { account: 'alice' } }));
    expect(faults.isSilent(user)).toBe(true);
    expect(faults.isSilent({ ...user, apiKeys: new Set(['bob']) })).toBe(false);
  });
});

describe('a page of HTML', () => {
  test('does not come over a websocket', () => {
    faults.add(rule({ kind: 'html' }));
    expect(faults.plan({ ...query, door: 'websocket', route: 'order.status' })).toBeNull();
    expect(faults.plan(query)?.ending?.executes).toBe(false);
  });
});

describe('cutting sockets', () => {
  test('without a bound is done once and not listed', () => {
    const cut: (number | null)[] = [];
    faults.follow(() => cut.push(faults.cutCode(market), faults.cutCode(user)));
    expect(faults.add(rule({ kind: 'cut-socket', scope: { stream: 'btcusdt' } }))).toMatchObject({ hits: 1 });
    expect(cut).toEqual([1006, null]);
    expect(faults.cutCode(market)).toBeNull();
    expect(faults.list()).toEqual([]);
  });

  test('for a time cuts what opens meanwhile', () => {
    faults.add(rule({ kind: 'cut-socket', closeCode: 1001, durationMs: 500 }));
    expect(faults.cutCode(market)).toBe(1001);
    now += 500;
    expect(faults.cutCode(market)).toBeNull();
  });
});

describe('the switch', () => {
  test('adds up clock skews', () => {
    faults.add(rule({ kind: 'clock-skew', offsetMs: 1_500 }));
    faults.add(rule({ kind: 'clock-skew', offsetMs: -500 }));
    expect(faults.skewMs).toBe(1_000);
    faults.clear();
    expect(faults.skewMs).toBe(0);
  });

  test('holds a hundred faults and no more', () => {
    for (let index = 0; index < 100; index += 1) expect(faults.add(rule({ kind: 'html' }))).not.toBeNull();
    expect(faults.add(rule({ kind: 'html' }))).toBeNull();
  });
});

describe('a body is refused', () => {
  test.each<[string, object, string, string]>([
    ['without a kind', {}, 'kind', 'latency, drop-answer'],
    ['of an unknown kind', { kind: 'gremlins' }, 'kind', 'silent-socket'],
    ['named after an object', { kind: 'toString' }, 'kind', 'latency'],
    ['without its delay', { kind: 'latency' }, 'delayMs', 'from 0 to 60000'],
    ['with a negative delay', { kind: 'latency', delayMs: -1 }, 'delayMs', 'from 0 to 60000'],
    ['with half a millisecond', { kind: 'latency', delayMs: 0.5 }, 'delayMs', 'a whole number'],
    ['with a misspelt field', { kind: 'latency', delayMs: 1, cuont: 2 }, 'cuont', 'delayMs, spreadMs, scope, count'],
    ['with a scope that is none', { kind: 'html', scope: 'place' }, 'scope', 'an object'],
    [
      'with an unknown operation',
      { kind: 'html', scope: { operation: 'dance' } },
      'scope.operation',
      'place, cancel, read',
    ],
    ['with a stream for a request', { kind: 'html', scope: { stream: 'user' } }, 'scope.stream', 'operation, route'],
    ['with a path for a socket', { kind: 'silent-socket', scope: { route: '/api' } }, 'scope.route', 'stream'],
    ['with chance for silence', { kind: 'silent-socket', probability: 0.5 }, 'probability', 'durationMs'],
    ['with an impossible chance', { kind: 'html', probability: 0 }, 'probability', 'above 0'],
    ['with a count of none', { kind: 'html', count: 0 }, 'count', 'from 1 to 1000000'],
    ['with another status', { kind: 'html', status: 200 }, 'status', '403, 500, 502, 503, 504'],
    ['with a code that nobody sends', { kind: 'cut-socket', closeCode: 1005 }, 'closeCode', '1006'],
    ['with a wide window', { kind: 'reorder', window: 101 }, 'window', 'from 2 to 100'],
    ['with another answer', { kind: 'drop-answer', as: 'postcard' }, 'as', 'cut, silence, 503, 504'],
    ['with a day of skew', { kind: 'clock-skew', offsetMs: 86_400_000 }, 'offsetMs', 'from -3600000 to 3600000'],
  ])('%s', (_what, body, field, allowed) => {
    expect(readFault(body as Record<string, unknown>)).toEqual({ field, allowed: expect.stringContaining(allowed) });
  });
});
