import type { Candle } from '@scalpstorm/model';
import type { BarsWanted } from '../domain/bars-wanted.js';

/** The venue, or what is between, did not answer; it may later. */
export class CandlesUnavailable extends Error {
  override readonly name = 'CandlesUnavailable';
}

/** The venues' own candles. */
export abstract class Candles {
  /**
   * Oldest first, all of them over; none: there are no more.
   * @throws CandlesUnavailable
   * @throws JobFailed when asking again would be answered alike
   */
  abstract page(wanted: Pick<BarsWanted, 'instrumentId' | 'timeframe' | 'from'>): Promise<readonly Candle[]>;
}
