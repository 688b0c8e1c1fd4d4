// A thread of the floor of a sweep: the loop by hand for one combination after another, over bars that all threads share.
import { parentPort } from 'node:worker_threads';
import { floorRoom, floorRun } from './floor.mjs';

parentPort.on('message', ({ bars, market, combinations, keepsAverages, next }) => {
  const room = floorRoom(bars.length);
  const averageOf = rememberedAverages(bars);
  const rows = [];
  for (let at = Atomics.add(next, 0, 1); at < combinations.length; at = Atomics.add(next, 0, 1)) {
    const parameters = combinations[at];
    const kept = keepsAverages ? { quicks: averageOf(parameters.fast), calms: averageOf(parameters.slow) } : undefined;
    rows.push({ at, figures: floorRun(bars, parameters, market, room, kept) });
  }
  parentPort.postMessage(rows);
});

function rememberedAverages(bars) {
  const averages = new Map();
  return (period) => {
    if (!averages.has(period)) averages.set(period, averageOver(bars, period));
    return averages.get(period);
  };
}

function averageOver({ close, length }, period) {
  const [alpha, average] = [2 / (period + 1), new Float64Array(length)];
  let value = close[0];
  for (let bar = 0; bar < length; bar += 1) {
    value += alpha * (close[bar] - value);
    average[bar] = value;
  }
  return average;
}
