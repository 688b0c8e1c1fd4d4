export type { Columns, Indicator, IndicatorFacts, Input, StreamSnapshot } from './define.js';
export { adx } from './indicators/adx.js';
export { atr } from './indicators/atr.js';
export { bollinger } from './indicators/bollinger.js';
export { cci } from './indicators/cci.js';
export { donchian } from './indicators/donchian.js';
export { ema } from './indicators/ema.js';
export { hma } from './indicators/hma.js';
export { ichimoku } from './indicators/ichimoku.js';
export { keltner } from './indicators/keltner.js';
export { macd } from './indicators/macd.js';
export { mfi } from './indicators/mfi.js';
export { obv } from './indicators/obv.js';
export { orderFlowImbalance } from './indicators/order-flow-imbalance.js';
export { realisedVolatility } from './indicators/realised-volatility.js';
export { rsi } from './indicators/rsi.js';
export { sessionVwap } from './indicators/session-vwap.js';
export { sma } from './indicators/sma.js';
export { stochRsi } from './indicators/stoch-rsi.js';
export { stochastic } from './indicators/stochastic.js';
export { supertrend } from './indicators/supertrend.js';
export { volumeSma } from './indicators/volume-sma.js';
export { vwap } from './indicators/vwap.js';
export { wma } from './indicators/wma.js';
export {
  type ChoiceParameter,
  type IndicatorFault,
  type NumberParameter,
  type ParametersOf,
  type ParameterTable,
  periodMax,
  schemaOf,
} from './parameters.js';
export { indicatorOf, indicators, restoreStream } from './registry.js';
export { magnitudeMax, type Stream } from './stream.js';
