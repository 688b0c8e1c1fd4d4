import { Injectable } from '@nestjs/common';
import { Cache } from '@scalpstorm/cache';
import { Timestamp } from '@scalpstorm/kernel';
import { type Candle, type InstrumentId, Price, Quantity, type Timeframe } from '@scalpstorm/model';
import { MarketMemory } from '../ports/market-memory.js';

const lifeMs = 24 * 3_600_000;
/** Redis keys: `last:<instrument>` and `candles:<instrument>:<timeframe>:live-v1`. */
@Injectable()
export class CacheMarketMemory extends MarketMemory {
  constructor(private readonly cache: Cache) {
    super();
  }

  async keepLastPrice(instrumentId: InstrumentId, price: Price, occurredAt: Timestamp): Promise<void> {
    const entry = { price: Price.format(price), at: Timestamp.toIso(occurredAt) };
    await this.cache.set(`last:${instrumentId}`, JSON.stringify(entry), lifeMs);
  }

  async lastPrice(instrumentId: InstrumentId): Promise<Price | null> {
    const text = await this.cache.get(`last:${instrumentId}`);
    if (text === null) return null;
    const price = Price.parse(String((JSON.parse(text) as { price?: unknown }).price));
    return price.ok ? price.value : null;
  }

  async keepCandles(instrumentId: InstrumentId, timeframe: Timeframe, candles: readonly Candle[]): Promise<void> {
    const rows = candles.map((candle) => [
      Timestamp.toMillis(candle.openedAt),
      ...[candle.open, candle.high, candle.low, candle.close].map(Price.format),
      Quantity.format(candle.volume),
      candle.trades,
    ]);
    await this.cache.set(`candles:${instrumentId}:${timeframe}:live-v1`, JSON.stringify(rows), lifeMs);
  }
}
