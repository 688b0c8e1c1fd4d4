import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SpawnedExchange, spawnExchange } from '../test/exchange-in-process.js';
import { type RawAnswer, rawClient } from '../test/exchange-process.js';

type Row = Record<string, unknown>;
type Client = ReturnType<typeof rawClient>;

const folder = mkdtempSync(join(tmpdir(), 'sim-state-'));
// Held until somebody listens, the market stands still: nothing moves between two looks but what the spec does.
const args = ['--state', folder, '--symbols', 'BTC-USDT,ETH-USDT', '--accounts', '2', '--wait-for-subscriber'] as const;

let exchange: SpawnedExchange;
let maker: Client;
let taker: Client;

const open = async (): Promise<void> => {
  exchange = await spawnExchange(args);
  const [first, second] = exchange.announcement.accounts ?? [];
  if (first === undefined || second === undefined) throw new Error('two accounts were asked for');
  maker = rawClient({ ...exchange.announcement, account: first });
  taker = rawClient({ ...exchange.announcement, account: second });
};

const limit = (side: string, price: string, quantity: string, more: Record<string, string> = {}) => ({
  symbol: 'BTCUSDT',
  side,
  type: 'LIMIT',
  timeInForce: 'GTC',
  price,
  quantity,
  ...more,
});

const waiting = { stopPrice: '45000', price: '44000', quantity: '0.2', newClientOrderId: 'waiting' };
const triggered = { stopPrice: '3200', price: '3900', quantity: '2', newClientOrderId: 'triggered' };

const place = async (client: Client, order: Record<string, string>): Promise<Row> => {
  const { status, body } = await client.signed('POST', '/api/v3/order', order);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
};

/** Takes all of the crowd up to a price and so much of who stands there. */
async function sweep(symbol: string, price: string, beyond: number): Promise<void> {
  const { body } = await taker.send('GET', `/api/v3/depth?symbol=${symbol}&limit=5000`);
  const asks = (body['asks'] as [string, string][]).filter(([ask]) => Number(ask) < Number(price));
  const quantity = (asks.reduce((sum, [, lots]) => sum + Number(lots), 0) + beyond).toFixed(4);
  await place(taker, limit('BUY', price, quantity, { symbol, timeInForce: 'IOC' }));
}

/** All that a client can ask about itself. */
async function looks(client: Client): Promise<Record<string, unknown>> {
  const signed = async (path: string, params: Record<string, string> = {}): Promise<RawAnswer['body']> =>
    (await client.signed('GET', path, params)).body;
  const looked: Record<string, unknown> = {
    balances: (await signed('/api/v3/account'))['balances'],
    open: await signed('/api/v3/openOrders'),
  };
  for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
    looked[`orders ${symbol}`] = await signed('/api/v3/allOrders', { symbol });
    looked[`trades ${symbol}`] = await signed('/api/v3/myTrades', { symbol });
  }
  return looked;
}

const idsOf = (value: unknown, name: string): number[] => (value as Row[]).map((row) => Number(row[name]));

beforeAll(open);
afterAll(async () => {
  await exchange.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe('after kill -9 and a new start with the same --state', () => {
  let before: Record<string, unknown>[];
  let queue: Row[];

  test('balances, open, partly filled and ended orders and trades are what they were', async () => {
    await place(maker, limit('SELL', '66000', '30', { newClientOrderId: 'partly' }));
    queue = [
      await place(maker, limit('BUY', '50000', '0.5', { newClientOrderId: 'resting-1' })),
      await place(maker, limit('BUY', '50000', '0.4', { newClientOrderId: 'resting-2' })),
    ];
    const gone = await place(maker, limit('BUY', '50001', '0.1'));
    await maker.signed('DELETE', '/api/v3/order', { symbol: 'BTCUSDT', orderId: Number(gone['orderId']) });
    await place(maker, limit('BUY', '50001', '0.1', { timeInForce: 'IOC' }));
    await place(maker, { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quoteOrderQty: '600' });
    await sweep('BTCUSDT', '66000', 10);
    await place(taker, { symbol: 'BTCUSDT', side: 'SELL', type: 'MARKET', quantity: '0.01' });
    await place(maker, limit('SELL', '3300', '5', { symbol: 'ETHUSDT' }));
    const stop = { side: 'SELL', timeInForce: 'GTC' };
    await place(maker, { ...stop, symbol: 'BTCUSDT', type: 'STOP_LOSS_LIMIT', ...waiting });
    await place(maker, { ...stop, symbol: 'ETHUSDT', type: 'TAKE_PROFIT_LIMIT', ...triggered });
    await place(maker, { symbol: 'ETHUSDT', side: 'SELL', type: 'STOP_LOSS', quantity: '1', trailingDelta: '2000' });
    await sweep('ETHUSDT', '3300', 6);
    before = [await looks(maker), await looks(taker)];
    expect(before[0]?.['open']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ clientOrderId: 'partly', status: 'PARTIALLY_FILLED' }),
        expect.objectContaining({ clientOrderId: 'resting-2', status: 'NEW' }),
        expect.objectContaining({ clientOrderId: 'waiting', isWorking: false }),
        expect.objectContaining({ clientOrderId: 'triggered', isWorking: true }),
        expect.objectContaining({ type: 'STOP_LOSS', trailingDelta: 2_000, isWorking: false }),
      ]),
    );

    await exchange.kill();
    await open();
    expect([await looks(maker), await looks(taker)]).toEqual(before);
    // And once more: a second life leaves as much behind as the first.
    await exchange.kill();
    await open();
    expect([await looks(maker), await looks(taker)]).toEqual(before);
  });

  test('the market goes on from its last price', async () => {
    const { body } = await maker.send('GET', '/api/v3/ticker/price?symbol=ETHUSDT');
    expect(Math.abs(Number(body['price']) - 3_300)).toBeLessThan(3_300 * 0.005);
    const btc = await maker.send('GET', '/api/v3/ticker/price?symbol=BTCUSDT');
    expect(Math.abs(Number(btc.body['price']) - 60_000)).toBeLessThan(60_000 * 0.005);
  });

  test('the restored orders can be cancelled and filled, the older one first', async () => {
    // Through all of the crowd's bids and into the two orders at 50,000.
    const { body } = await taker.send('GET', '/api/v3/depth?symbol=BTCUSDT&limit=5000');
    const bids = (body['bids'] as [string, string][]).filter(([bid]) => Number(bid) > 50_000);
    const quantity = (bids.reduce((sum, [, lots]) => sum + Number(lots), 0) + 0.6).toFixed(4);
    await place(taker, limit('SELL', '50000', quantity, { timeInForce: 'IOC' }));
    const status = async (index: number): Promise<RawAnswer['body']> => {
      const orderId = Number(queue[index]?.['orderId']);
      return (await maker.signed('GET', '/api/v3/order', { symbol: 'BTCUSDT', orderId })).body;
    };
    expect(await status(0)).toMatchObject({ status: 'FILLED', executedQty: '0.50000000' });
    expect(await status(1)).toMatchObject({ status: 'PARTIALLY_FILLED' });
    const canceled = await maker.signed('DELETE', '/api/v3/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'resting-2',
    });
    expect(canceled).toMatchObject({ status: 200, body: { status: 'CANCELED' } });
  });

  test('an order that waited for its price still waits for it', async () => {
    await place(maker, limit('BUY', '44500', '0.3', { selfTradePreventionMode: 'NONE' }));
    await place(taker, limit('SELL', '44500', '0.1', { timeInForce: 'IOC' }));
    const { body } = await maker.signed('GET', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: 'waiting' });
    expect(body).toMatchObject({ isWorking: true, stopPrice: '45000.00000000' });
  });

  test('ids of orders and trades go on upwards', async () => {
    const all = (name: string, id: string): number[] =>
      before.flatMap((looked) => ['BTCUSDT', 'ETHUSDT'].flatMap((symbol) => idsOf(looked[`${name} ${symbol}`], id)));
    const bought = await place(taker, { symbol: 'ETHUSDT', side: 'BUY', type: 'MARKET', quantity: '0.1' });
    expect(Number(bought['orderId'])).toBeGreaterThan(Math.max(...all('orders', 'orderId')));
    const tradeIds = idsOf(bought['fills'], 'tradeId');
    expect(Math.min(...tradeIds)).toBeGreaterThan(Math.max(...all('trades', 'id')));
  });

  test('a second exchange on the same directory is told so and ends', async () => {
    await expect(spawnExchange(args)).rejects.toThrow('SIM_STATE_IN_USE');
  });
});
