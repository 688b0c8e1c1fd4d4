import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

describe('with an asset that pays the fees', () => {
  let paying: SimExchange;
  let payer: ReturnType<typeof rawClient>;
  const buy = (quantity: string) =>
    payer.signed('POST', '/api/v3/order', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity });
  const free = async (asset: string): Promise<string | undefined> => {
    const { body } = await payer.signed('GET', '/api/v3/account', {});
    return (body['balances'] as { asset: string; free: string }[]).find((balance) => balance.asset === asset)?.free;
  };

  beforeAll(async () => {
    const args = ['--fee-asset', 'BNB', '--fee-asset-price', '600', '--fee-asset-balance', '0.003'];
    paying = await startExchange('--symbols', 'BTC-USDT', '--wait-for-subscriber', ...args);
    payer = rawClient(paying.announcement);
  });
  afterAll(() => paying.stop());

  test('it pays while there is enough, and the trade brings in all that was bought', async () => {
    const { body } = await buy('0.02');
    const fills = body['fills'] as { price: string; qty: string; commission: string; commissionAsset: string }[];
    expect(fills.every(({ commissionAsset }) => commissionAsset === 'BNB')).toBe(true);
    const [fill] = fills;
    // A thousandth of the trade's worth, in coins of 600, cut to 8 decimals.
    const worth = BigInt((fill?.price ?? '').replace('.', '')) * BigInt((fill?.qty ?? '').replace('.', ''));
    const units = worth / 1_000n / 600n / 10n ** 8n;
    expect(fill?.commission).toBe(`0.${units.toString().padStart(8, '0')}`);
    expect(await free('BTC')).toBe('100.02000000');
    const trades = (await payer.signed('GET', '/api/v3/myTrades', { symbol: 'BTCUSDT' })).body;
    expect(trades).toMatchObject(fills.map(({ commission }) => ({ commission, commissionAsset: 'BNB' })));
  });

  test('and what was bought pays when there is too little left', async () => {
    const left = await free('BNB');
    expect((await buy('0.02')).body).toMatchObject({ fills: [{ commissionAsset: 'BTC', commission: '0.00002000' }] });
    expect(await free('BNB')).toBe(left);
    expect(await free('BTC')).toBe('100.03998000');
  });

  test('the rates say so', async () => {
    const { body } = await payer.signed('GET', '/api/v3/account/commission', { symbol: 'BTCUSDT' });
    expect(body['discount']).toMatchObject({ enabledForAccount: true, discountAsset: 'BNB', discount: '0.00000000' });
  });
});
