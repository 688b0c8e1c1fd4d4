import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { spawnExchange } from '../test/exchange-in-process.js';
import { rawClient } from '../test/exchange-process.js';

type Row = Record<string, unknown>;
type Client = ReturnType<typeof rawClient>;

const folder = mkdtempSync(join(tmpdir(), 'sim-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lives = 4;
const ordersALife = 150;
const senders = 8;
const args = ['--state', folder, '--symbols', 'BTC-USDT', '--speed', '20', '--orders-10s-limit', '1000000'];

const order = (number: number): Record<string, string> => {
  const limit = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.001' };
  if (number % 3 === 0) return { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.002' };
  return { ...limit, price: number % 3 === 1 ? '50000' : '60005' };
};

/** Sends until the venue dies; gives what it was answered, the last answers of each sender included. */
async function sendUntilKilled(
  client: Client,
  life: number,
  onAnswer: (count: number) => void,
): Promise<readonly Row[]> {
  const answered: Row[] = [];
  const send = async (sender: number): Promise<void> => {
    for (let number = 0; ; number += 1) {
      const newClientOrderId = `l${life}-s${sender}-${number}`;
      const sent = { ...order(number), newClientOrderId };
      const { status, body } = await client.signed('POST', '/api/v3/order', sent);
      if (status !== 200) throw new Error(JSON.stringify(body));
      answered.push(body);
      onAnswer(answered.length);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: senders }, (_, sender) => send(sender)));
  // Every sender ends by the connection, and none by a refusal.
  for (const end of ends) expect(String(end.status === 'rejected' && end.reason)).toMatch(/fetch failed|terminated/);
  return answered;
}

test('whenever the venue is killed, it has every order that it ever answered, with every fill that it told', async () => {
  const answered: Row[] = [];
  for (let life = 0; life < lives; life += 1) {
    // A start refuses balances whose locks the open orders do not explain, so each start is a check as well.
    const exchange = await spawnExchange(args);
    const killed = Promise.withResolvers<void>();
    const onAnswer = (count: number): void => {
      if (count === ordersALife) exchange.kill().then(killed.resolve, killed.reject);
    };
    answered.push(...(await sendUntilKilled(rawClient(exchange.announcement), life, onAnswer)));
    await killed.promise;
  }
  const exchange = await spawnExchange(args);
  try {
    const client = rawClient(exchange.announcement);
    // Page by page: the slower the kill, the more was answered before it.
    const read = async (path: string, from: string, id: string): Promise<readonly Row[]> => {
      const rows: Row[] = [];
      for (let next = 1; ; next = Number(rows.at(-1)?.[id]) + 1) {
        const { body } = await client.signed('GET', path, { symbol: 'BTCUSDT', limit: '1000', [from]: next });
        rows.push(...(body as unknown as readonly Row[]));
        if ((body as unknown as readonly Row[]).length < 1_000) return rows;
      }
    };
    const orders = new Map((await read('/api/v3/allOrders', 'orderId', 'orderId')).map((row) => [row['orderId'], row]));
    const tradeIds = new Set((await read('/api/v3/myTrades', 'fromId', 'id')).map((row) => row['id']));
    expect(answered.length).toBeGreaterThanOrEqual(lives * ordersALife);
    for (const { orderId, clientOrderId, executedQty, fills } of answered) {
      expect(orders.get(orderId)).toMatchObject({ clientOrderId });
      expect(Number(orders.get(orderId)?.['executedQty'])).toBeGreaterThanOrEqual(Number(executedQty));
      for (const { tradeId } of fills as Row[]) expect(tradeIds).toContain(tradeId);
    }
    expect(new Set(answered.map(({ orderId }) => orderId)).size).toBe(answered.length);
  } finally {
    await exchange.kill();
  }
});
