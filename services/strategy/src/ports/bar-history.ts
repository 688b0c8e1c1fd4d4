import type { Candle } from '@scalpstorm/model';
import type { WantedBars } from './directory.js';

/** The closed bars that market-data keeps. */
export abstract class BarHistory {
  /** Oldest first; null: no answer. */
  abstract recent(wanted: WantedBars): Promise<readonly Candle[] | null>;
}
