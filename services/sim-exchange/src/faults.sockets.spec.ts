import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
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

const set = (fault: object) => client.send('POST', '/sim/faults', { body: JSON.stringify(fault) });

describe('on a raw websocket', () => {
  const sockets: WebSocket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.terminate();
  });

  const open = async (path: string): Promise<{ socket: WebSocket; heard: Record<string, unknown>[] }> => {
    const socket = new WebSocket(`${exchange.announcement.rest.replace('http', 'ws')}${path}`);
    sockets.push(socket);
    const heard: Record<string, unknown>[] = [];
    socket.on('message', (data) => heard.push(JSON.parse(String(data)) as Record<string, unknown>));
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    return { socket, heard };
  };
  const message = (socket: WebSocket): Promise<void> =>
    new Promise((resolve) => {
      socket.once('message', () => resolve());
    });

  test('a silent one gives no pong while another does', async () => {
    const silent = await open('/ws/btcusdt@depth@100ms');
    const lively = await open('/ws/btcusdt@trade');
    const pong = async () => {
      lively.socket.ping();
      await new Promise((resolve) => lively.socket.once('pong', resolve));
    };
    await message(silent.socket);
    await set({ kind: 'silent-socket', scope: { stream: 'btcusdt@depth' } });
    // What was sent before the fault has arrived by then.
    await pong();
    let pongs = 0;
    silent.socket.on('pong', () => {
      pongs += 1;
    });
    silent.socket.ping();
    const before = silent.heard.length;
    await pong();
    await message(lively.socket);
    expect([pongs, silent.heard.length, silent.socket.readyState]).toEqual([0, before, WebSocket.OPEN]);
  });

  test('a cut one is told the code that was asked for', async () => {
    const { socket } = await open('/ws/btcusdt@trade');
    const closed = new Promise<[number, string]>((resolve) => {
      socket.on('close', (code, reason) => resolve([code, String(reason)]));
    });
    await set({ kind: 'cut-socket', closeCode: 1001 });
    expect(await closed).toEqual([1001, 'cut by the fault switch']);
  });

  test('trades change their order, and none is lost', async () => {
    // Before the socket, so that its first trade begins the first window; the step fills each long before its time is over.
    await set({ kind: 'reorder', window: 5, holdMs: 60_000, seed: 4 });
    const { socket, heard } = await open('/ws/btcusdt@trade');
    await client.send('POST', '/sim/market/step', { body: '{"steps":400}' });
    while (heard.length < 50) await message(socket);
    const ids = heard.map(({ t }) => Number(t)).slice(0, 50);
    const sorted = [...ids].sort((left, right) => left - right);
    expect(ids).not.toEqual(sorted);
    expect(sorted.every((id, index) => index === 0 || id === Number(sorted[index - 1]) + 1)).toBe(true);
    for (let window = 0; window < 50; window += 5) {
      const own = ids.slice(window, window + 5);
      expect(Math.max(...own) - Math.min(...own)).toBe(4);
    }
  });

  test('a public subscription can be refused too', async () => {
    const { socket, heard } = await open('/ws');
    await set({ kind: 'refuse-subscription', scope: { stream: 'btcusdt@' }, count: 1 });
    for (const id of [1, 2]) {
      socket.send(JSON.stringify({ method: 'SUBSCRIBE', params: ['btcusdt@trade'], id }));
      await message(socket);
    }
    expect(heard[0]).toMatchObject({ id: 1, error: { code: 2 } });
    expect(heard[1]).toEqual({ id: 2, result: null });
  });

  test('the trading API tells what is used, refuses with a time and closes on a ban', async () => {
    const { socket, heard } = await open('/ws-api/v3');
    const ask = async (): Promise<Record<string, unknown> | undefined> => {
      socket.send('{"id":1,"method":"time"}');
      await message(socket);
      return heard[heard.length - 1];
    };
    const limits = { weightPerMinute: 2, refusalsPerMinute: 1 };
    await client.send('POST', '/sim/limits', { body: JSON.stringify(limits) });
    expect((await ask())?.['rateLimits']).toEqual([
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2, count: 1 },
    ]);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const answers: unknown[] = [];
    while (answers.length < 2) {
      const answer = await ask();
      if (answer?.['status'] !== 200) answers.push(answer);
    }
    const error = { code: -1003, data: { serverTime: expect.any(Number), retryAfter: expect.any(Number) } };
    expect(answers).toEqual([
      expect.objectContaining({ status: 429, error: expect.objectContaining(error) }),
      expect.objectContaining({ status: 418, error: expect.objectContaining(error) }),
    ]);
    expect(await closed).toBe(1008);
    await expect(open('/ws-api/v3')).rejects.toThrow('418');
    await client.send('POST', '/sim/limits', { body: '{"weightPerMinute":600000,"refusalsPerMinute":100}' });
    await expect(open('/ws-api/v3')).resolves.toBeDefined();
  });
});
