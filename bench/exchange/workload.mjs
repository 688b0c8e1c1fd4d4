// The same stream of orders for everybody who is measured: limit orders around a price that wanders, cancels of earlier ones, and
// orders that cross. Made before the clock runs.
import { seededRng } from '@scalpstorm/kernel';

const startTicks = 6_000_000;
const reachTicks = 200;
/** Worth enough for the exchange's smallest order. */
const lotsMin = 10;
const lotsMore = 1_000;
const cancelShare = 0.35;
const crossShare = 0.3;

/** `place`: {side, price, quantity, rests}; `cancel`: the index of the order to cancel, which may be gone by then. */
export function workload({ orders, seed }) {
  const rng = seededRng(seed);
  const steps = [];
  let placed = 0;
  let middle = startTicks;
  while (placed < orders) {
    if (placed > 0 && rng.next() < cancelShare) {
      // Mostly the younger ones, as clients do.
      steps.push({ cancel: Math.max(0, placed - 1 - rng.below(Math.min(placed, 2_000))) });
      continue;
    }
    if (rng.next() < 0.1) middle += rng.below(3) - 1;
    const side = rng.next() < 0.5 ? 'buy' : 'sell';
    const crosses = rng.next() < crossShare;
    const away = crosses ? -rng.below(20) : 1 + rng.below(reachTicks);
    const price = side === 'buy' ? middle - away : middle + away;
    steps.push({ place: { side, price, quantity: lotsMin + rng.below(lotsMore), rests: !crosses } });
    placed += 1;
  }
  return { steps, orders };
}

/** Orders a second of a run over the whole workload. */
export function timed(work, run) {
  const start = process.hrtime.bigint();
  const lotsTraded = run();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return { perSecond: work.orders / seconds, lotsTraded };
}
