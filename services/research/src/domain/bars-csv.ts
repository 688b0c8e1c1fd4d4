import { type Candle, Price, Quantity } from '@scalpstorm/model';

export const barsHeader = 'time_us,open,high,low,close,volume';

/** Exact, as the venue said it. */
export const barLine = ({ openedAt, open, high, low, close, volume }: Candle): string =>
  [openedAt, ...[open, high, low, close].map(Price.format), Quantity.format(volume)].join(',');
