import { Timestamp } from '@scalpstorm/kernel';
import { type Timeframe, timeframeLength } from '@scalpstorm/model';

/** Where the candle of a time begins: whole multiples since the epoch, in UTC. */
export const openingOf = (time: Timestamp, timeframe: Timeframe): Timestamp =>
  Timestamp.fromMicros(time - (time % timeframeLength[timeframe]));
