// The least that comes to the same figures: ema-cross in one loop by hand over typed arrays. Signal, fill at the next open for all cash
// and the fee, equity at the close, deepest fall, moments of the returns, round trips; nothing is checked, and sums may cancel.

/** Bar, quantity, price and fee of each fill. */
const fields = 4;
const yearMinutes = 365 * 1_440;

/** What a run writes into: made once, so that no run pays for memory. */
export const floorRoom = (bars) => ({ equity: new Float64Array(bars), fills: new Float64Array(bars * fields) });

/** @param averages of each bar where they are kept; each run reckons its own otherwise */
export function floorRun({ open, close, length }, { fast, slow }, { cash: start, takerFeeBps }, room, averages) {
  return averages === undefined
    ? reckoning({ open, close, length }, { fast, slow }, { start, fee: takerFeeBps / 10_000 }, room)
    : reading({ open, close, length, ...averages }, { fast, slow }, { start, fee: takerFeeBps / 10_000 }, room);
}

function reckoning({ open, close, length }, { fast, slow }, { start, fee }, { equity, fills }) {
  const warmUp = Math.max(fast, slow);
  const [fastAlpha, slowAlpha] = [2 / (fast + 1), 2 / (slow + 1)];
  let [quick, calm] = [close[0], close[0]];
  let [cash, held, wish, count] = [start, 0, 0, 0];
  let [totalFees, boughtAt, cost, gains, lost, barsHeld, trades] = [0, 0, 0, 0, 0, 0, 0];
  let [peak, trough, deepest, before] = [start, start, 0, start];
  let [sum, squares, cubes, fourths] = [0, 0, 0, 0];
  for (let bar = 0; bar < length; bar += 1) {
    if (wish !== 0) {
      const price = open[bar];
      if (wish > 0) {
        held = cash / (price * (1 + fee));
        cost = cash;
        cash = 0;
        boughtAt = bar;
      } else {
        cash = held * price * (1 - fee);
        barsHeld += bar - boughtAt;
        trades += 1;
        if (cash > cost) gains += cash - cost;
        else lost += cost - cash;
      }
      fills[count] = bar;
      fills[count + 1] = wish * held;
      fills[count + 2] = price;
      fills[count + 3] = held * price * fee;
      totalFees += held * price * fee;
      count += fields;
      if (wish < 0) held = 0;
      wish = 0;
    }
    const value = close[bar];
    quick += fastAlpha * (value - quick);
    calm += slowAlpha * (value - calm);
    if (bar >= warmUp) {
      if (quick > calm && held === 0) wish = 1;
      else if (quick < calm && held > 0) wish = -1;
    }
    const now = cash + held * value;
    equity[bar] = now;
    if (now > peak) {
      deepest = Math.max(deepest, (peak - trough) / peak);
      peak = now;
      trough = now;
    } else if (now < trough) trough = now;
    const gain = now / before - 1;
    const square = gain * gain;
    sum += gain;
    squares += square;
    cubes += square * gain;
    fourths += square * square;
    before = now;
  }
  deepest = Math.max(deepest, (peak - trough) / peak);
  return figuresOf(
    { length, sums: [sum, squares, cubes, fourths] },
    { finalEquity: before, returnPct: 100 * (before / start - 1), maxDrawdownPct: 100 * deepest },
    { trades, fills: count / fields, totalFees, profitFactor: lost === 0 ? null : gains / lost },
    // What is held at the end is time in the market, too.
    (100 * (barsHeld + (held > 0 ? length - boughtAt : 0))) / length,
  );
}

/** The same loop over averages that are there already. */
function reading({ open, close, length, quicks, calms }, { fast, slow }, { start, fee }, { equity, fills }) {
  const warmUp = Math.max(fast, slow);
  let [cash, held, wish, count] = [start, 0, 0, 0];
  let [totalFees, boughtAt, cost, gains, lost, barsHeld, trades] = [0, 0, 0, 0, 0, 0, 0];
  let [peak, trough, deepest, before] = [start, start, 0, start];
  let [sum, squares, cubes, fourths] = [0, 0, 0, 0];
  for (let bar = 0; bar < length; bar += 1) {
    if (wish !== 0) {
      const price = open[bar];
      if (wish > 0) {
        held = cash / (price * (1 + fee));
        cost = cash;
        cash = 0;
        boughtAt = bar;
      } else {
        cash = held * price * (1 - fee);
        barsHeld += bar - boughtAt;
        trades += 1;
        if (cash > cost) gains += cash - cost;
        else lost += cost - cash;
      }
      fills[count] = bar;
      fills[count + 1] = wish * held;
      fills[count + 2] = price;
      fills[count + 3] = held * price * fee;
      totalFees += held * price * fee;
      count += fields;
      if (wish < 0) held = 0;
      wish = 0;
    }
    const value = close[bar];
    const quick = quicks[bar];
    const calm = calms[bar];
    if (bar >= warmUp) {
      if (quick > calm && held === 0) wish = 1;
      else if (quick < calm && held > 0) wish = -1;
    }
    const now = cash + held * value;
    equity[bar] = now;
    if (now > peak) {
      deepest = Math.max(deepest, (peak - trough) / peak);
      peak = now;
      trough = now;
    } else if (now < trough) trough = now;
    const gain = now / before - 1;
    const square = gain * gain;
    sum += gain;
    squares += square;
    cubes += square * gain;
    fourths += square * square;
    before = now;
  }
  deepest = Math.max(deepest, (peak - trough) / peak);
  return figuresOf(
    { length, sums: [sum, squares, cubes, fourths] },
    { finalEquity: before, returnPct: 100 * (before / start - 1), maxDrawdownPct: 100 * deepest },
    { trades, fills: count / fields, totalFees, profitFactor: lost === 0 ? null : gains / lost },
    // What is held at the end is time in the market, too.
    (100 * (barsHeld + (held > 0 ? length - boughtAt : 0))) / length,
  );
}

function figuresOf({ length, sums: [sum, squares, cubes, fourths] }, equity, trades, exposurePct) {
  const mean = sum / length;
  const second = squares / length - mean * mean;
  const third = cubes / length - 3 * mean * (squares / length) + 2 * mean ** 3;
  const fourth = fourths / length - (4 * mean * cubes) / length + (6 * mean * mean * squares) / length - 3 * mean ** 4;
  const sharpePerBar = second > 0 ? mean / Math.sqrt((second * length) / (length - 1)) : 0;
  return {
    ...equity,
    sharpe: sharpePerBar * Math.sqrt(yearMinutes),
    sharpePerBar,
    skew: second > 0 ? third / second ** 1.5 : 0,
    kurtosis: second > 0 ? fourth / (second * second) : 3,
    observations: length,
    ...trades,
    exposurePct,
  };
}
