// A program of its own: what a backtest leaves on the heap for a bar. Twice the bars less the bars, so that what a run costs once is out of it,
// when the code is warm. It is to be started with a young generation in which nothing is collected meanwhile, and on one thread, so that when code
// is compiled hangs on no other: the figures are the same each time.
import { plainMarket, runBars } from '@scalpstorm/backtest';
import { barStrategies } from '@scalpstorm/strategies';
import { firstBars, walkingBars } from '@scalpstorm/strategies/kit';

const [bars, warmRuns] = [40_000, 6];
const all = walkingBars(7, 2 * bars);
const half = firstBars(all, bars);
const market = plainMarket(10_000, 1);
const strategy = barStrategies.get('ema-cross').configure({}).value;

let newest = null;
/** The same, with an object for each bar. */
const wasteful = {
  ...strategy,
  decider() {
    const decider = strategy.decider();
    return {
      onClose(bar, desk) {
        newest = { close: bar.close };
        decider.onClose(bar, desk);
      },
    };
  },
};

function leftBy(columns, tested) {
  const before = process.memoryUsage().heapUsed;
  const ran = runBars(columns, tested, market);
  const left = process.memoryUsage().heapUsed - before;
  if (!ran.ok) throw new Error(ran.error.text);
  return { left, fills: ran.value.fills.length };
}

function bytesABar(tested) {
  for (let run = 0; run < warmRuns; run += 1) leftBy(all, tested);
  const [once, twice] = [leftBy(half, tested), leftBy(all, tested)];
  return { bytes: (twice.left - once.left) / bars, fillsABar: (twice.fills - once.fills) / bars };
}

const figures = { loop: bytesABar(strategy), wasteful: bytesABar(wasteful) };
process.stdout.write(JSON.stringify(newest === null ? null : figures));
