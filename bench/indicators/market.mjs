// A market for the bench: a seeded walk, as typed arrays for us and as the lists and objects that peers take.
import { seededRng } from '@scalpstorm/kernel';

export function marketOf(rows, seed) {
  const rng = seededRng(seed);
  const column = () => new Float64Array(rows);
  const [open, high, low, close, volume] = [column(), column(), column(), column(), column()];
  let price = 62_000;
  for (let row = 0; row < rows; row += 1) {
    open[row] = price;
    price += 10 * rng.gaussian();
    close[row] = price;
    high[row] = Math.max(open[row], price) + 5 * rng.next();
    low[row] = Math.min(open[row], price) - 5 * rng.next();
    volume[row] = 10 * rng.next();
  }
  const columns = { open, high, low, close, volume };
  const lists = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Array.from(values)]));
  const bars = lists.close.map((value, row) => ({
    open: open[row],
    high: high[row],
    low: low[row],
    close: value,
    volume: volume[row],
  }));
  return { rows, columns, lists, bars };
}
