// Our indicators as the bench runs them. Each has a loop of its own, so that no call is shared with another indicator.
import { atr, bollinger, cci, ema, macd, obv, rsi, sma, stochastic, wma } from '@scalpstorm/indicators';

/** What is measured, with the parameters that every peer gets, too. */
export const measured = {
  sma: { indicator: sma, given: { period: 20 }, output: 'sma' },
  ema: { indicator: ema, given: { period: 20, seed: 'sma' }, output: 'ema' },
  wma: { indicator: wma, given: { period: 20 }, output: 'wma' },
  rsi: { indicator: rsi, given: { period: 14 }, output: 'rsi' },
  macd: {
    indicator: macd,
    given: { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9, seed: 'sma' },
    output: 'macd',
  },
  atr: { indicator: atr, given: { period: 14 }, output: 'atr' },
  bollinger: { indicator: bollinger, given: { period: 20, deviations: 2 }, output: 'middle' },
  stochastic: { indicator: stochastic, given: { period: 14, smoothing: 3, signalPeriod: 3 }, output: 'k' },
  cci: { indicator: cci, given: { period: 20 }, output: 'cci' },
  obv: { indicator: obv, given: {}, output: 'obv' },
};

/** Reads every row through `update`; what is first in the outputs goes to `out`. */
export const streamed = {
  sma(stream, { close }, out) {
    for (let row = 0; row < close.length; row += 1) out[row] = stream.update(close[row]);
  },
  ema(stream, { close }, out) {
    for (let row = 0; row < close.length; row += 1) out[row] = stream.update(close[row]);
  },
  wma(stream, { close }, out) {
    for (let row = 0; row < close.length; row += 1) out[row] = stream.update(close[row]);
  },
  rsi(stream, { close }, out) {
    for (let row = 0; row < close.length; row += 1) out[row] = stream.update(close[row]);
  },
  macd(stream, { close }, out) {
    for (let row = 0; row < close.length; row += 1) out[row] = stream.update(close[row]);
  },
  atr(stream, { high, low, close }, out) {
    for (let row = 0; row < close.length; row += 1) out[row] = stream.update(high[row], low[row], close[row]);
  },
  bollinger(stream, { close }, out) {
    for (let row = 0; row < close.length; row += 1) out[row] = stream.update(close[row]);
  },
  stochastic(stream, { high, low, close }, out) {
    for (let row = 0; row < close.length; row += 1) out[row] = stream.update(high[row], low[row], close[row]);
  },
  cci(stream, { high, low, close }, out) {
    for (let row = 0; row < close.length; row += 1) out[row] = stream.update(high[row], low[row], close[row]);
  },
  obv(stream, { close, volume }, out) {
    for (let row = 0; row < close.length; row += 1) out[row] = stream.update(close[row], volume[row]);
  },
};
