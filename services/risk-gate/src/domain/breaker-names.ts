import { breakers as ofCycles } from '@scalpstorm/engine';

/** Everything that trips. */
export const breakerNames = [
  ...ofCycles,
  'drawdown',
  'price-move',
  'feed-stale',
  'order-failures',
  'slippage',
  'runaway',
] as const;
export type BreakerName = (typeof breakerNames)[number];
