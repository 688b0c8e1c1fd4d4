import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Clock, seededRng, Timestamp } from '@scalpstorm/kernel';
import { VenueId } from '@scalpstorm/model';
import { ccxtClassPath, ccxtFolder, createCcxtBinance } from './ccxt-binance.js';
import { resolveOptions } from './options.js';

const clock: Clock = { now: () => Timestamp.fromMicros(0) };
const addresses = {
  rest: 'http://127.0.0.1:9',
  spotWs: 'ws://127.0.0.1:9/stream/ws',
  wsApi: 'ws://127.0.0.1:9/ws-api/v3',
};
const options = resolveOptions({ venue: VenueId.of('sim'), addresses, clock, rng: seededRng(1) });

describe('ccxt as we use it', () => {
  it('is the version whose inside we override', () => {
    const { version } = JSON.parse(readFileSync(`${ccxtFolder()}/package.json`, 'utf8')) as { version: string };
    expect(version).toBe('4.5.84');
    expect(existsSync(`${ccxtFolder()}/${ccxtClassPath}`)).toBe(true);
  });

  it('has every method that we call, and asks only our addresses', async () => {
    const exchange = (await createCcxtBinance(options, { apiKey: 'k', secret: 's' })) as unknown as Record<
      string,
      unknown
    >;
    const called = [
      ...['publicGetExchangeInfo', 'publicGetTime', 'publicGetDepth', 'publicGetTrades', 'publicGetKlines'],
      'publicGetTickerBookTicker',
      ...['privatePostOrder', 'privateGetOrder', 'privateDeleteOrder', 'privateGetOpenOrders', 'privateGetMyTrades'],
      ...[
        'privateGetAccount',
        'sapiGetAccountApiRestrictions',
        'signParams',
        'openSocket',
        'dropSocket',
        'releaseConnections',
        'handleMessage',
        'onClose',
        'onError',
      ],
    ];
    expect(called.filter((name) => typeof exchange[name] !== 'function')).toEqual([]);
    expect(exchange['urls']).toMatchObject({
      api: { public: 'http://127.0.0.1:9/api/v3', private: 'http://127.0.0.1:9/api/v3' },
    });
  });

  it('never repeats a request, never queues it and keeps the texts, the time and the window that we give', async () => {
    const exchange = (await createCcxtBinance(options, { apiKey: 'k', secret: 's' })) as unknown as {
      enableRateLimit: boolean;
      options: Record<string, unknown>;
      sign(path: string, api: string, method: string, params: object): { body: string };
    };
    expect([exchange.enableRateLimit, exchange.options['maxRetriesOnFailure']]).toEqual([false, 0]);
    const params = {
      quantity: '0.00000001',
      price: '123456789.12345678',
      newClientOrderId: 'x',
      timestamp: 5,
      recvWindow: 7,
    };
    const { body } = exchange.sign('order', 'private', 'POST', params);
    expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
      quantity: '0.00000001',
      price: '123456789.12345678',
      newClientOrderId: 'x',
      timestamp: '5',
      recvWindow: '7',
    });
  });
});
