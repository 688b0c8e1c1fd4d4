import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rawClient, startExchange } from '../test/exchange-process.js';
import type { SimExchange } from './sim-exchange.module.js';

let exchange: SimExchange;
let client: ReturnType<typeof rawClient>;

beforeAll(async () => {
  exchange = await startExchange('--symbols', 'BTC-USDT', '--maker-fee', '0.0001', '--taker-fee', '0.00025');
  client = rawClient(exchange.announcement);
});
afterAll(() => exchange.stop());

test('the fees that were asked for are those that an account is told', async () => {
  expect((await client.signed('GET', '/api/v3/account', {})).body).toMatchObject({
    makerCommission: 1,
    takerCommission: 2,
    commissionRates: { maker: '0.00010000', taker: '0.00025000', buyer: '0.00000000', seller: '0.00000000' },
  });
  expect((await client.signed('GET', '/sapi/v1/asset/tradeFee', {})).body).toEqual([
    { symbol: 'BTCUSDT', makerCommission: '0.00010000', takerCommission: '0.00025000' },
  ]);
});

test('and those that a fill pays', async () => {
  const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.02' };
  expect((await client.signed('POST', '/api/v3/order', order)).body).toMatchObject({
    status: 'FILLED',
    fills: expect.arrayContaining([expect.objectContaining({ commissionAsset: 'BTC' })]),
  });
  const balances = (await client.signed('GET', '/api/v3/account', {})).body['balances'] as {
    asset: string;
    free: string;
  }[];
  const { free = '' } = balances.find(({ asset }) => asset === 'BTC') ?? {};
  expect(free).toMatch(/^\d+\.01999500$/);
});
