import { assert } from '@scalpstorm/kernel';
import type { Indicator, StreamSnapshot } from './define.js';
import { adx } from './indicators/adx.js';
import { atr } from './indicators/atr.js';
import { bollinger } from './indicators/bollinger.js';
import { cci } from './indicators/cci.js';
import { donchian } from './indicators/donchian.js';
import { ema } from './indicators/ema.js';
import { hma } from './indicators/hma.js';
import { ichimoku } from './indicators/ichimoku.js';
import { keltner } from './indicators/keltner.js';
import { macd } from './indicators/macd.js';
import { mfi } from './indicators/mfi.js';
import { obv } from './indicators/obv.js';
import { orderFlowImbalance } from './indicators/order-flow-imbalance.js';
import { realisedVolatility } from './indicators/realised-volatility.js';
import { rsi } from './indicators/rsi.js';
import { sessionVwap } from './indicators/session-vwap.js';
import { sma } from './indicators/sma.js';
import { stochRsi } from './indicators/stoch-rsi.js';
import { stochastic } from './indicators/stochastic.js';
import { supertrend } from './indicators/supertrend.js';
import { volumeSma } from './indicators/volume-sma.js';
import { vwap } from './indicators/vwap.js';
import { wma } from './indicators/wma.js';
import type { Stream } from './stream.js';

/** Every indicator. Forms, docs/indicators.md and the contract that all are held to are made of this table. */
export const indicators: readonly Indicator[] = [
  sma,
  ema,
  wma,
  hma,
  rsi,
  macd,
  atr,
  adx,
  bollinger,
  stochastic,
  stochRsi,
  cci,
  mfi,
  obv,
  vwap,
  sessionVwap,
  supertrend,
  donchian,
  keltner,
  ichimoku,
  volumeSma,
  realisedVolatility,
  orderFlowImbalance,
];

const byId = new Map(indicators.map((indicator) => [indicator.id, indicator]));

export const indicatorOf = (id: string): Indicator | undefined => byId.get(id);

/** A stream of any indicator, from where its snapshot was taken. @throws BrokenInvariant when `snapshot` did not write it */
export function restoreStream(snapshot: StreamSnapshot): Stream {
  const indicator = indicatorOf(snapshot.indicator);
  assert(indicator !== undefined, `there is no indicator ${snapshot.indicator}`);
  return indicator.restore(snapshot);
}
