// Windows as textbooks keep them, with a running sum from which the oldest value is taken: the fastest there is, and it drifts. Beside
// the floors, to show what keeping every digit costs.

function sma({ close }, { period }, out) {
  let sum = 0;
  for (let row = 0; row < close.length; row += 1) {
    sum += close[row];
    if (row >= period) sum -= close[row - period];
    out[row] = row < period - 1 ? Number.NaN : sum / period;
  }
}

function wma({ close }, { period }, out) {
  const weight = (period * (period + 1)) / 2;
  let [sum, weighted] = [0, 0];
  for (let row = 0; row < close.length; row += 1) {
    const full = row >= period;
    weighted += (full ? period : row + 1) * close[row] - (full ? sum : 0);
    sum += close[row] - (full ? close[row - period] : 0);
    out[row] = row < period - 1 ? Number.NaN : weighted / weight;
  }
}

function bollinger({ close }, { period, deviations }, out, spare) {
  let [sum, squares] = [0, 0];
  for (let row = 0; row < close.length; row += 1) {
    sum += close[row];
    squares += close[row] * close[row];
    if (row >= period) {
      sum -= close[row - period];
      squares -= close[row - period] * close[row - period];
    }
    const mean = sum / period;
    const width = deviations * Math.sqrt(Math.max(0, squares / period - mean * mean));
    out[row] = row < period - 1 ? Number.NaN : mean;
    spare[0][row] = mean + width;
    spare[1][row] = mean - width;
  }
}

export const textbook = { sma, wma, bollinger };
