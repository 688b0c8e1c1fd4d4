import { Injectable } from '@nestjs/common';
import type { InstrumentId, Timeframe } from '@scalpstorm/model';
import { MarketBoard, type PriceView } from '../domain/market-board.js';
import type { CandleView } from '../domain/views.js';
import { CandleMemory } from '../ports/candle-memory.js';

/** What the market says: the newest prices, and candles for a chart. */
@Injectable()
export class Markets {
  constructor(
    private readonly board: MarketBoard,
    private readonly memory: CandleMemory,
  ) {}

  prices(): readonly PriceView[] {
    this.board.noticeSilence();
    return this.board.pricesSince(-1);
  }

  /** The newest, oldest first; what came over the bus is newer than what the cache has. Empty for what nobody follows. */
  async candles(instrumentId: InstrumentId, timeframe: Timeframe, limit: number): Promise<readonly CandleView[]> {
    const kept = await this.memory.recent(instrumentId, timeframe);
    const heard = this.board.candlesSince(instrumentId, timeframe, -1);
    const byTime = new Map([...kept, ...heard].map((candle) => [candle.openedAt, candle]));
    const ordered = [...byTime.values()].sort((left, right) => (left.openedAt < right.openedAt ? -1 : 1));
    return ordered.slice(-limit);
  }
}
