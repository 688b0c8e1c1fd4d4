import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { rawClient, startExchange } from '../test/exchange-process.js';
import type { SimExchange } from './sim-exchange.module.js';

let exchange: SimExchange;
let client: ReturnType<typeof rawClient>;

beforeAll(async () => {
  exchange = await startExchange('--symbols', 'BTC-USDT');
  client = rawClient(exchange.announcement);
});

afterEach(() => client.send('DELETE', '/sim/faults'));
afterAll(() => exchange.stop());

const far = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '50000' };
const place = (id: string, more: Record<string, string | number> = {}) =>
  client.signed('POST', '/api/v3/order', { ...far, newClientOrderId: id, ...more });
const setFault = (place: object | null) => client.send('POST', '/sim/faults', { body: JSON.stringify({ place }) });
const ordersWith = async (id: string) => (await client.send('GET', `/sim/orders?clientOrderId=${id}`)).body['orders'];

describe('the fault switch', () => {
  test('drops the answer after the order was placed, as often as it is told', async () => {
    await setFault({ dropAnswer: true, count: 2 });
    await expect(place('lost1')).rejects.toThrow();
    await expect(place('lost2')).rejects.toThrow();
    expect((await place('kept')).body).toMatchObject({ status: 'NEW' });
    expect(await Promise.all(['lost1', 'lost2', 'kept', 'never'].map(ordersWith))).toEqual([1, 1, 1, 0]);
  });

  test('delays a placement past its window, and the venue refuses it then: a resend cannot make two', async () => {
    await setFault({ delayMs: 300 });
    const late = await place('late', { recvWindow: 100 });
    expect(late).toMatchObject({ status: 400, body: { code: -1021 } });
    expect(await ordersWith('late')).toBe(0);
    expect((await place('late', { recvWindow: 5_000 })).body).toMatchObject({ status: 'NEW' });
    expect(await ordersWith('late')).toBe(1);
  });

  test('delays a placement inside its window, and it is placed', async () => {
    await setFault({ delayMs: 50 });
    expect((await place('slow')).body).toMatchObject({ status: 'NEW' });
  });

  test('counts every venue order that ever had an id', async () => {
    await place('again');
    await client.signed('DELETE', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: 'again' });
    await place('again');
    expect(await ordersWith('again')).toBe(2);
  });

  test('shows orders and fills as they were, and acts on them as they are', async () => {
    const stale = (ageMs: number) =>
      client.send('POST', '/sim/faults', { body: JSON.stringify({ kind: 'stale-read', ageMs }) });
    const symbol = 'BTCUSDT';
    const status = (origClientOrderId: string) => client.signed('GET', '/api/v3/order', { symbol, origClientOrderId });
    const idsIn = async (path: string) => {
      const { body } = await client.signed('GET', path, { symbol });
      return (body as unknown as readonly { clientOrderId: string }[]).map(({ clientOrderId }) => clientOrderId);
    };
    const fills = async () =>
      ((await client.signed('GET', '/api/v3/myTrades', { symbol })).body as unknown as []).length;
    const before = await fills();
    await place('hidden');
    await client.signed('POST', '/api/v3/order', {
      symbol,
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.01',
      newClientOrderId: 'bought',
    });
    await stale(60_000);
    expect(await status('hidden')).toMatchObject({ status: 400, body: { code: -2013 } });
    expect(await idsIn('/api/v3/openOrders')).not.toContain('hidden');
    expect(await idsIn('/api/v3/allOrders')).not.toContain('bought');
    expect(await fills()).toBe(0);
    // The books themselves know it: the same id again is refused, and a cancel finds it.
    expect(await place('hidden')).toMatchObject({ status: 400, body: { code: -2010 } });
    expect(await client.signed('DELETE', '/api/v3/order', { symbol, origClientOrderId: 'hidden' })).toMatchObject({
      status: 200,
    });
    await client.send('DELETE', '/sim/faults');
    expect((await status('hidden')).body).toMatchObject({ status: 'CANCELED' });
    expect(await fills()).toBeGreaterThan(before);
  });

  test('is taken away by null and tells its state', async () => {
    await setFault({ dropAnswer: true, count: 5 });
    expect((await client.send('GET', '/sim/faults')).body).toMatchObject({
      place: { delayMs: 0, dropAnswer: true, count: 5 },
    });
    await setFault(null);
    expect((await place('safe')).body).toMatchObject({ status: 'NEW' });
  });

  test.each([
    ['{"place":{"delayMs":-1}}', 'place.delayMs'],
    ['{"place":{"count":1.5}}', 'place.count'],
    ['{"place":{"dropAnswer":"yes"}}', 'place.dropAnswer'],
    ['{"place":7}', 'place'],
    ['{}', 'kind'],
    ['[]', 'body'],
    ['garbage', 'body'],
  ])('refuses %s and names the field', async (body, field) => {
    expect(await client.send('POST', '/sim/faults', { body })).toMatchObject({
      status: 400,
      body: { code: 'SIM_BAD_FAULT', field },
    });
  });

  test('steps a synthetic market at once', async () => {
    expect((await client.send('POST', '/sim/market/step', { body: '{"steps":50}' })).body).toEqual({ steps: 50 });
    expect((await client.send('POST', '/sim/market/step', { body: '{"steps":0}' })).body).toMatchObject({
      code: 'SIM_BAD_STEPS',
    });
  });
});

const set = (fault: object) => client.send('POST', '/sim/faults', { body: JSON.stringify(fault) });
const answerTo = (path: string) => fetch(`${exchange.announcement.rest}${path}`);

describe('a fault', () => {
  test('is listed with what is left of it, and cleared by its id', async () => {
    const first = await set({ kind: 'html', count: 3, scope: { route: '/api/v3/ping' } });
    const second = await set({ kind: 'latency', delayMs: 1, durationMs: 60_000, probability: 0.5, seed: 9 });
    expect(first.body).toMatchObject({ kind: 'html', status: 502, scope: { route: '/api/v3/ping' }, left: 3, hits: 0 });
    await answerTo('/api/v3/ping');
    const { faults } = (await client.send('GET', '/sim/faults')).body;
    expect(faults).toEqual([
      expect.objectContaining({ id: first.body['id'], left: 2, hits: 1, endsInMs: null }),
      expect.objectContaining({ id: second.body['id'], left: null, probability: 0.5, seed: 9 }),
    ]);
    const left = await client.send('DELETE', `/sim/faults/${first.body['id']}`);
    expect(left.body['faults']).toHaveLength(1);
    expect(await client.send('DELETE', `/sim/faults/${first.body['id']}`)).toMatchObject({
      status: 404,
      body: { code: 'SIM_NO_SUCH_FAULT', field: 'id' },
    });
    expect((await client.send('DELETE', '/sim/faults')).body).toEqual({ place: null, faults: [] });
  });

  test('that is no fault is refused with the field, what it may be and where to read on', async () => {
    expect(await set({ kind: 'ban', scope: { operation: 'dance' } })).toEqual({
      status: 400,
      body: {
        code: 'SIM_BAD_FAULT',
        field: 'scope.operation',
        allowed: 'one of place, cancel, read, any',
        next: 'see "Faults" in docs/sim-exchange.md',
      },
    });
  });

  test('of the limits answers 429 and 418 with Retry-After', async () => {
    await set({ kind: 'rate-limit', retryAfterSeconds: 7, count: 1 });
    const slow = await answerTo('/api/v3/time');
    expect([slow.status, slow.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await slow.json()).toEqual({ code: -1003, msg: 'Too many requests queued.' });
    await set({ kind: 'ban', count: 1 });
    const banned = await answerTo('/api/v3/time');
    expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '120']);
    expect(await banned.json()).toMatchObject({ code: -1003, msg: expect.stringContaining('IP banned until') });
  });

  test('of a proxy answers a page that is no JSON', async () => {
    await set({ kind: 'html', status: 503, count: 1 });
    const answer = await answerTo('/api/v3/time');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/html']);
    expect(await answer.text()).toContain('<h1>503 Service Unavailable</h1>');
  });

  test('of the clock moves the time of the venue', async () => {
    await set({ kind: 'clock-skew', offsetMs: -600_000 });
    const { serverTime } = (await client.send('GET', '/api/v3/time')).body;
    expect(Math.abs(Number(serverTime) + 600_000 - Date.now())).toBeLessThan(60_000);
  });

  test('never touches the admin calls and the health of the process', async () => {
    await set({ kind: 'html' });
    expect((await answerTo('/health/ready')).status).toBe(200);
    expect((await answerTo('/sim/faults')).status).toBe(200);
    expect((await answerTo('/api/v3/ping')).status).toBe(502);
  });
});

describe('the limits', () => {
  test.each([
    ['{"weightPerMinute":0}', 'weightPerMinute'],
    ['{"weight":1}', 'weight'],
    ['[]', 'body'],
  ])('refuse %s and name the field', async (body, field) => {
    expect(await client.send('POST', '/sim/limits', { body })).toMatchObject({
      status: 400,
      body: { code: 'SIM_BAD_LIMITS', field },
    });
  });
});
