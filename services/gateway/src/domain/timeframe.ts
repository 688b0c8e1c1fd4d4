import type { Timeframe } from '@scalpstorm/model';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

export const timeframeMs: Readonly<Record<Timeframe, number>> = {
  '1s': second,
  '1m': minute,
  '5m': 5 * minute,
  '15m': 15 * minute,
  '1h': hour,
  '4h': 4 * hour,
  '1d': 24 * hour,
};
