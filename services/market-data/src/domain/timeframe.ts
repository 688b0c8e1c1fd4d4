import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import type { Timeframe } from '@scalpstorm/model';

export const timeframeLength: Record<Timeframe, Micros> = {
  '1s': second,
  '1m': 60 * second,
  '5m': 300 * second,
  '15m': 900 * second,
  '1h': 3_600 * second,
  '4h': 14_400 * second,
  '1d': 86_400 * second,
};

/** Where the candle of a time begins: whole multiples since the epoch, in UTC. */
export const openingOf = (time: Timestamp, timeframe: Timeframe): Timestamp =>
  Timestamp.fromMicros(time - (time % timeframeLength[timeframe]));
