// Floors of what looks back over a window: the arithmetic of our indicators (blocks that are summed forwards and backwards, distances
// from an anchor) in one loop by hand over typed arrays, with nothing checked and nothing shared.

export function smaFloor({ close }, { period }, { sma }) {
  const tails = new Float64Array(period + 1);
  let tailAnchor = 0;
  for (let start = 0; start < close.length; start += period) {
    const size = Math.min(period, close.length - start);
    const anchor = close[start];
    const apart = tailAnchor - anchor;
    let head = 0;
    for (let place = 0; place < size; place += 1) {
      head += close[start + place] - anchor;
      sma[start + place] = anchor + (head + (tails[place + 1] + (period - place - 1) * apart)) / period;
    }
    if (size < period) break;
    tailAnchor = close[start + period - 1];
    let sum = 0;
    for (let place = period - 1; place >= 0; place -= 1) tails[place] = sum += close[start + place] - tailAnchor;
  }
  sma.fill(Number.NaN, 0, period - 1);
}

export function wmaFloor({ close }, { period }, { wma }) {
  const tails = new Float64Array(period + 1);
  const weight = (period * (period + 1)) / 2;
  let tailAnchor = 0;
  for (let start = 0; start < close.length; start += period) {
    const size = Math.min(period, close.length - start);
    const anchor = close[start];
    const apart = tailAnchor - anchor;
    let head = 0;
    let ramp = 0;
    for (let place = 0; place < size; place += 1) {
      const distance = close[start + place] - anchor;
      const older = period - place - 1;
      head += distance;
      ramp += (place + 1) * distance;
      const tail = tails[place + 1] + ((older * (older + 1)) / 2) * apart;
      wma[start + place] = anchor + (tail + ramp + older * head) / weight;
    }
    if (size < period) break;
    tailAnchor = close[start + period - 1];
    let sum = 0;
    let back = 0;
    for (let place = period - 1; place >= 0; place -= 1) {
      sum += close[start + place] - tailAnchor;
      tails[place] = back += sum;
    }
  }
  wma.fill(Number.NaN, 0, period - 1);
}

export function bollingerFloor({ close }, { period, deviations }, { middle, upper, lower }) {
  const tails = new Float64Array(period + 1);
  const squareTails = new Float64Array(period + 1);
  let tailAnchor = 0;
  for (let start = 0; start < close.length; start += period) {
    const size = Math.min(period, close.length - start);
    const anchor = close[start];
    const apart = tailAnchor - anchor;
    let head = 0;
    let squares = 0;
    for (let place = 0; place < size; place += 1) {
      const row = start + place;
      const distance = close[row] - anchor;
      const older = period - place - 1;
      const tail = tails[place + 1];
      head += distance;
      squares += distance * distance;
      const offset = (head + (tail + older * apart)) / period;
      const square = squares + (squareTails[place + 1] + (2 * tail + older * apart) * apart);
      const width = deviations * Math.sqrt(Math.max(0, square / period - offset * offset));
      middle[row] = anchor + offset;
      upper[row] = middle[row] + width;
      lower[row] = middle[row] - width;
    }
    if (size < period) break;
    tailAnchor = close[start + period - 1];
    let sum = 0;
    let back = 0;
    for (let place = period - 1; place >= 0; place -= 1) {
      const distance = close[start + place] - tailAnchor;
      tails[place] = sum += distance;
      squareTails[place] = back += distance * distance;
    }
  }
  for (const series of [middle, upper, lower]) series.fill(Number.NaN, 0, period - 1);
}

/** The two short averages are three values added up: less than what we do, because it must hold for any length there. */
export function stochasticFloor({ high, low, close }, { period }, { k, d }) {
  const highTails = new Float64Array(period + 1).fill(Number.NEGATIVE_INFINITY);
  const lowTails = new Float64Array(period + 1).fill(Number.POSITIVE_INFINITY);
  let [first, second, firstMean, secondMean] = [0, 0, 0, 0];
  for (let start = 0; start < close.length; start += period) {
    const size = Math.min(period, close.length - start);
    let highest = Number.NEGATIVE_INFINITY;
    let lowest = Number.POSITIVE_INFINITY;
    for (let place = 0; place < size; place += 1) {
      const row = start + place;
      highest = Math.max(highest, high[row]);
      lowest = Math.min(lowest, low[row]);
      const top = Math.max(highest, highTails[place + 1]);
      const bottom = Math.min(lowest, lowTails[place + 1]);
      const third = top === bottom ? 50 : (100 * (close[row] - bottom)) / (top - bottom);
      const mean = (first + second + third) / 3;
      k[row] = mean;
      d[row] = (firstMean + secondMean + mean) / 3;
      first = second;
      second = third;
      firstMean = secondMean;
      secondMean = mean;
    }
    if (size < period) break;
    highest = Number.NEGATIVE_INFINITY;
    lowest = Number.POSITIVE_INFINITY;
    for (let place = period - 1; place >= 0; place -= 1) {
      highTails[place] = highest = Math.max(highest, high[start + place]);
      lowTails[place] = lowest = Math.min(lowest, low[start + place]);
    }
  }
  for (const series of [k, d]) series.fill(Number.NaN, 0, period + 3);
}

export function cciFloor({ high, low, close }, { period }, { cci }) {
  const prices = new Float64Array(close.length);
  const tails = new Float64Array(period + 1);
  let tailAnchor = 0;
  for (let start = 0; start < close.length; start += period) {
    const size = Math.min(period, close.length - start);
    const anchor = (high[start] + low[start] + close[start]) / 3;
    const apart = tailAnchor - anchor;
    let head = 0;
    for (let place = 0; place < size; place += 1) {
      const row = start + place;
      const price = (high[row] + low[row] + close[row]) / 3;
      prices[row] = price;
      head += price - anchor;
      const mean = anchor + (head + (tails[place + 1] + (period - place - 1) * apart)) / period;
      if (row < period - 1) continue;
      let [even, odd] = [0, 0];
      let back = row - period + 1;
      for (; back < row; back += 2) {
        even += Math.abs(prices[back] - mean);
        odd += Math.abs(prices[back + 1] - mean);
      }
      if (back === row) even += Math.abs(price - mean);
      const deviation = (even + odd) / period;
      cci[row] = deviation === 0 ? 0 : (price - mean) / (0.015 * deviation);
    }
    if (size < period) break;
    tailAnchor = prices[start + period - 1];
    let sum = 0;
    for (let place = period - 1; place >= 0; place -= 1) tails[place] = sum += prices[start + place] - tailAnchor;
  }
  cci.fill(Number.NaN, 0, period - 1);
}
