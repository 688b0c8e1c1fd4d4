import type { BarStrategy } from './bar-strategy.js';
import { bollingerReversion } from './built-in/bollinger-reversion.js';
import { emaCross } from './built-in/ema-cross.js';
import { macdTrend } from './built-in/macd-trend.js';
import { rsiReversion } from './built-in/rsi-reversion.js';
import { supertrendFollow } from './built-in/supertrend-follow.js';
import { volumeBreakout } from './built-in/volume-breakout.js';

/** Every strategy over bars that comes with the platform, by id. */
export const barStrategies: ReadonlyMap<string, BarStrategy> = new Map(
  [emaCross, macdTrend, rsiReversion, bollingerReversion, volumeBreakout, supertrendFollow].map((one) => [one.id, one]),
);
