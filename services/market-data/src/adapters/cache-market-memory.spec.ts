import { describe, expect, it } from '@jest/globals';
import { MemoryCache } from '@scalpstorm/cache/testing';
import { Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, Price } from '@scalpstorm/model';
import { aCandle } from '@scalpstorm/testkit';
import { CacheMarketMemory } from './cache-market-memory.js';

const instrumentId = InstrumentId.of('sim', 'BTC-USDT');

describe('the memory of the market', () => {
  it('gives the last price back exactly, and nothing when it was lost', async () => {
    const cache = new MemoryCache();
    const memory = new CacheMarketMemory(cache);
    expect(await memory.lastPrice(instrumentId)).toBeNull();
    await memory.keepLastPrice(instrumentId, Price.of('0.000000000001'), Timestamp.fromMicros(0));
    expect(await memory.lastPrice(instrumentId)).toBe(Price.of('0.000000000001'));
    cache.lost = true;
    await memory.keepLastPrice(instrumentId, Price.of('1'), Timestamp.fromMicros(0));
  });

  it('keeps candles as rows of exact texts, by instrument, timeframe and version', async () => {
    const cache = new MemoryCache();
    const candle = { ...aCandle(), instrumentId, timeframe: '1m' as const, close: Price.of('61837.63') };
    await new CacheMarketMemory(cache).keepCandles(instrumentId, '1m', [candle]);
    const text = await cache.get('candles:sim:BTC-USDT:1m:live-v1');
    expect(JSON.parse(text ?? '[]')).toEqual([expect.arrayContaining([candle.openedAt / 1_000, '61837.63'])]);
  });
});
