import type { InstrumentId, Timeframe } from '@scalpstorm/model';
import type { CandleView } from '../domain/views.js';

/** The newest candles of a series as market-data keeps them; none when it keeps none, or the cache is lost. */
export abstract class CandleMemory {
  /** Oldest first. */
  abstract recent(instrumentId: InstrumentId, timeframe: Timeframe): Promise<readonly CandleView[]>;
}
