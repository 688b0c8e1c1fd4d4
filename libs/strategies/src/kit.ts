export { type CheckedStrategy, checkStrategy, StrategyCheckFailed } from './bars/kit/check-strategy.js';
export { type BarRow, barsOf, firstBars, type MarketOptions, walkingBars } from './bars/kit/markets.js';
export { type BarWish, freshDesk, type PlayOptions, type PlayState, play } from './bars/kit/play.js';
