// The least that gives the same values with the same arithmetic: one loop by hand over typed arrays. Averages begin with a mean.
import { bollingerFloor, cciFloor, smaFloor, stochasticFloor, wmaFloor } from './window-floors.mjs';

const meanOf = (values, from, to) => {
  let sum = 0;
  for (let row = from; row < to; row += 1) sum += values[row];
  return sum / (to - from);
};

function emaFloor({ close }, { period }, { ema }) {
  const alpha = 2 / (period + 1);
  let average = meanOf(close, 0, period);
  ema.fill(Number.NaN, 0, period - 1);
  ema[period - 1] = average;
  for (let row = period; row < close.length; row += 1) {
    average += alpha * (close[row] - average);
    ema[row] = average;
  }
}

function rsiFloor({ close }, { period }, { rsi }) {
  const alpha = 1 / period;
  let [gain, loss] = [0, 0];
  for (let row = 1; row <= period; row += 1) {
    gain += Math.max(close[row] - close[row - 1], 0) / period;
    loss += Math.max(close[row - 1] - close[row], 0) / period;
  }
  rsi.fill(Number.NaN, 0, period);
  rsi[period] = (100 * gain) / (gain + loss);
  for (let row = period + 1; row < close.length; row += 1) {
    const change = close[row] - close[row - 1];
    const up = (change + Math.abs(change)) / 2;
    gain += alpha * (up - gain);
    loss += alpha * (up - change - loss);
    const moved = gain + loss;
    rsi[row] = moved === 0 ? 50 : (100 * gain) / moved;
  }
}

function macdFloor({ close }, { fastPeriod, slowPeriod, signalPeriod }, { macd, signal, histogram }) {
  const [fastAlpha, slowAlpha, signalAlpha] = [2 / (fastPeriod + 1), 2 / (slowPeriod + 1), 2 / (signalPeriod + 1)];
  let fast = meanOf(close, slowPeriod - fastPeriod, slowPeriod);
  let slow = meanOf(close, 0, slowPeriod);
  let line = (fast - slow) / signalPeriod;
  let row = slowPeriod;
  for (; row < slowPeriod + signalPeriod - 1; row += 1) {
    fast += fastAlpha * (close[row] - fast);
    slow += slowAlpha * (close[row] - slow);
    line += (fast - slow) / signalPeriod;
  }
  for (const series of [macd, signal, histogram]) series.fill(Number.NaN, 0, row);
  macd[row - 1] = fast - slow;
  signal[row - 1] = line;
  histogram[row - 1] = fast - slow - line;
  for (; row < close.length; row += 1) {
    fast += fastAlpha * (close[row] - fast);
    slow += slowAlpha * (close[row] - slow);
    const apart = fast - slow;
    line += signalAlpha * (apart - line);
    macd[row] = apart;
    signal[row] = line;
    histogram[row] = apart - line;
  }
}

function atrFloor({ high, low, close }, { period }, { atr }) {
  const alpha = 1 / period;
  let average = 0;
  atr.fill(Number.NaN, 0, period);
  for (let row = 1; row <= period; row += 1)
    average += (Math.max(high[row], close[row - 1]) - Math.min(low[row], close[row - 1])) / period;
  atr[period] = average;
  for (let row = period + 1; row < close.length; row += 1) {
    const range = Math.max(high[row], close[row - 1]) - Math.min(low[row], close[row - 1]);
    average += alpha * (range - average);
    atr[row] = average;
  }
}

function obvFloor({ close, volume }, _given, { obv }) {
  let [sum, lost, previous] = [0, 0, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < close.length; row += 1) {
    let value = 0;
    if (close[row] > previous) value = volume[row];
    else if (close[row] < previous) value = -volume[row];
    previous = close[row];
    const next = sum + value;
    const taken = next - sum;
    lost += sum - (next - taken) + (value - taken);
    sum = next;
    obv[row] = sum + lost;
  }
}

export const floors = {
  sma: smaFloor,
  ema: emaFloor,
  wma: wmaFloor,
  rsi: rsiFloor,
  macd: macdFloor,
  atr: atrFloor,
  bollinger: bollingerFloor,
  stochastic: stochasticFloor,
  cci: cciFloor,
  obv: obvFloor,
};
