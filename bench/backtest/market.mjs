// Made bars for the bench: a seeded walk of one minute bars whose volatility comes in clusters, on memory that threads can share.
import { seededRng } from '@scalpstorm/kernel';

const firstAt = Date.UTC(2024, 0, 1) * 1_000;
const minute = 60e6;

export function marketOf(rows, seed) {
  const rng = seededRng(seed);
  const column = () => new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT));
  const bars = {
    ...{ length: rows, openedAt: column(), open: column(), high: column(), low: column() },
    ...{ close: column(), volume: column() },
  };
  let [price, wildness] = [40_000, 1];
  for (let row = 0; row < rows; row += 1) {
    wildness = 0.99 * wildness + 0.01 * Math.exp(rng.gaussian());
    bars.openedAt[row] = firstAt + row * minute;
    bars.open[row] = price;
    price *= Math.exp(0.0006 * wildness * rng.gaussian());
    bars.close[row] = price;
    bars.high[row] = Math.max(bars.open[row], price) * (1 + 0.0003 * rng.next());
    bars.low[row] = Math.min(bars.open[row], price) * (1 - 0.0003 * rng.next());
    bars.volume[row] = 10 * rng.next();
  }
  return bars;
}

/** The first bars of it, in the same memory. */
export const firstOf = (bars, rows) =>
  Object.fromEntries(Object.entries(bars).map(([name, of]) => [name, name === 'length' ? rows : of.subarray(0, rows)]));
