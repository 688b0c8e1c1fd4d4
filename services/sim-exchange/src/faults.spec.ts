import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rawClient, startExchange } from '../test/exchange-process.js';
import type { SimExchange } from './sim-exchange.module.js';

let exchange: SimExchange;
let client: ReturnType<typeof rawClient>;

beforeAll(async () => {
  exchange = await startExchange('--symbols', 'BTC-USDT');
  client = rawClient(exchange.announcement);
});

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
