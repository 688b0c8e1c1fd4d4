import type { Timestamp } from '@scalpstorm/kernel';
import type { Candle, InstrumentId, Price, Timeframe } from '@scalpstorm/model';

/** The newest prices and candles for those who ask later. It may be lost at any time: nothing is decided from it. Never throws. */
export abstract class MarketMemory {
  abstract keepLastPrice(instrumentId: InstrumentId, price: Price, occurredAt: Timestamp): Promise<void>;
  abstract lastPrice(instrumentId: InstrumentId): Promise<Price | null>;
  /** Closed candles, oldest first. */
  abstract keepCandles(instrumentId: InstrumentId, timeframe: Timeframe, candles: readonly Candle[]): Promise<void>;
}
