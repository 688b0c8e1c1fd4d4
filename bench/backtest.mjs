// What a backtest costs a bar, beside one loop by hand over typed arrays that comes to the same figures (the floor), and beside other
// backtesters. All take turns in the same run, over the same bars: ema-cross 10/30, all cash, one basis point.
//   npm run bench -- backtest [--json] [--bars 1000000] [--rounds 15] [--combinations 1000] [--sweep-bars 100000] [--exact-bars 50000]
//     [--install-peers] [--only one,growth,sweep,exact,peers,memory]

import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { idleThreads, plainMarket, runBars, sweep, Trials, trialFigures } from '@scalpstorm/backtest';
import { ema } from '@scalpstorm/indicators';
import { barStrategies } from '@scalpstorm/strategies';
import { agree } from './backtest/agree.mjs';
import { agreeExactly, exactByHand, exactRun, fileOf } from './backtest/exact.mjs';
import { floorRoom, floorRun } from './backtest/floor.mjs';
import { firstOf, marketOf } from './backtest/market.mjs';
import { installPeers, openPeers } from './backtest/peers.mjs';
import { FloorThreads } from './backtest/sweep-floor.mjs';
import { timesToFigure } from './exchange/rates.mjs';
import { machine, report } from './figures.mjs';

const json = process.argv.includes('--json');
const rows = numberAfter('--bars') ?? 1_000_000;
const rounds = numberAfter('--rounds') ?? 15;
const combinationsMax = numberAfter('--combinations') ?? 1_000;
const sweepRows = numberAfter('--sweep-bars') ?? 100_000;
const exactRows = numberAfter('--exact-bars') ?? 50_000;
const peerRows = Math.min(rows, 50_000);
const warmUpRounds = 8;
const sweepRounds = 5;
const exactRounds = 3;
const workers = availableParallelism();
const parameters = { fast: 10, slow: 30 };
const market = plainMarket(10_000, 1);

function numberAfter(flag) {
  const index = process.argv.indexOf(flag);
  if (index < 0) return undefined;
  const value = Number(process.argv[index + 1]);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`BENCH_OPTION: ${flag} must be followed by a whole number above 0\n`);
  process.exit(2);
}

function named(flag) {
  const index = process.argv.indexOf(flag);
  if (index < 0) return undefined;
  const names = (process.argv[index + 1] ?? '').split(',');
  if (names.every((name) => Object.hasOwn(sections, name))) return names;
  process.stderr.write(`BENCH_OPTION: ${flag} must be followed by some of ${Object.keys(sections).join(',')}\n`);
  process.exit(2);
}

const say = (text) => process.stderr.write(`${text}\n`);
if (process.argv.includes('--install-peers')) installPeers();
const bars = marketOf(rows, 7);
const tested = barStrategies.get('ema-cross');
const configured = tested.configure(parameters).value;
const sections = { one: oneRun, growth, sweep: manyRuns, exact: exactly, peers, memory };
const figures = [];
for (const name of named('--only') ?? Object.keys(sections)) figures.push(...(await sections[name]()));
report({ json, machine: `${machine()}, ${rows} bars`, figures });

/** One run bar by bar, and one by the kernel in memory that is used again, as each of a sweep is. */
function oneRun() {
  const room = floorRoom(rows);
  // Nothing is kept between two runs: the averages are reckoned in each.
  const alone = new Trials(bars, forgetting(tested), market);
  const parts = [
    ['floor', () => floorRun(bars, parameters, market, room)],
    ['event-driven', () => decided(bars)],
    ['fast-path', () => alone.run(parameters).value],
  ];
  const [, ...ours] = parts;
  for (const [name, run] of ours) agree(name, parts[0][1](), run());
  const times = measure(parts, rows);
  return ours.map(([name]) =>
    timesToFigure({
      ...{ name: `backtest-${name}`, unit: 'ns/bar', values: times.get(name) },
      ...{ floor: times.get('floor'), floorName: 'the same figures in one loop by hand' },
    }),
  );
}

function decided(columns) {
  return trialFigures(columns, runBars(columns, configured, market).value, market);
}

function forgetting(strategy) {
  const configure = (given) => {
    const { kernel, ...rest } = strategy.configure(given).value;
    return { ok: true, value: { ...rest, kernel: (columns, into) => kernel(columns, into) } };
  };
  return { ...strategy, configure };
}

/** How much more than ten times the time ten times the bars take. */
function growth() {
  const tenth = firstOf(bars, Math.floor(rows / 10));
  const parts = [
    ['tenth', () => decided(tenth)],
    ['whole', () => decided(bars)],
  ];
  const times = measure(parts, 1e6);
  return [growthOf('backtest-event-driven-growth', times.get('whole'), times.get('tenth'))];
}

function growthOf(name, whole, tenth) {
  return timesToFigure({
    ...{ name, unit: 'ms', values: whole },
    ...{ floor: tenth.map((value) => 10 * value), floorName: 'ten times a tenth of the bars' },
  });
}

/** A live bot over a file of bars, and the loop by hand over its bytes; fewer bars and rounds, because it takes a thousand times as long. */
async function exactly() {
  const some = firstOf(bars, Math.min(rows, exactRows));
  const [whole, tenth] = [fileOf(some), fileOf(firstOf(some, Math.floor(some.length / 10)))];
  agreeExactly(some, exactByHand(whole, parameters), await exactRun(whole, parameters));
  const times = { floor: [], exact: [], tenth: [] };
  for (let round = 0; round < exactRounds; round += 1) {
    times.tenth.push(await millisOf(() => exactRun(tenth, parameters)));
    times.floor.push(await millisOf(() => exactByHand(whole, parameters)));
    times.exact.push(await millisOf(() => exactRun(whole, parameters)));
  }
  const perBar = (values) => values.map((value) => (value * 1e6) / some.length);
  const alone = timesToFigure({
    ...{ name: 'backtest-exact', unit: 'ns/bar', values: perBar(times.exact) },
    ...{ floor: perBar(times.floor), floorName: 'the same money to the last digit in one loop by hand' },
  });
  return [alone, growthOf('backtest-exact-growth', times.exact, times.tenth)];
}

/** Whole sweeps, beside the loop by hand for each combination on as many threads; all threads are open, but for the first sweep of each. */
async function manyRuns() {
  const columns = firstOf(bars, Math.min(rows, sweepRows));
  const plan = { bars: columns, strategy: 'ema-cross', combinations: gridOf(combinationsMax), market };
  const ours = async () => (await sweep(plan, { workers })).value.rows;
  for (const { index, figures } of await ours()) agreeWithFloor(columns, plan.combinations[index], figures);
  const times = { floor: [], kept: [], sweep: [], 'floor-first': [], first: [] };
  for (let round = 0; round < sweepRounds; round += 1) {
    await idleThreads.end();
    let threads;
    const runs = {
      'floor-first': () => {
        threads = new FloorThreads(workers);
        return threads.sweep(plan, false);
      },
      first: ours,
      floor: () => threads.sweep(plan, false),
      kept: () => threads.sweep(plan, true),
      sweep: ours,
    };
    for (const [name, run] of Object.entries(runs)) times[name].push(await millisOf(run));
    await threads.end();
  }
  const figureOf = (name, values, floor, floorName) => timesToFigure({ name, unit: 'ms', values, floor, floorName });
  return [
    figureOf('backtest-sweep', times.sweep, times.floor, 'the loop by hand, as many threads'),
    figureOf('backtest-sweep-kept', times.sweep, times.kept, 'the loop by hand over averages that are reckoned once'),
    figureOf('backtest-sweep-first', times.first, times['floor-first'], 'the loop by hand, its threads started, too'),
  ];
}

async function millisOf(run) {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

function agreeWithFloor(columns, combination, told) {
  // A few of them are enough to see that it is the same work.
  if ((combination.fast + combination.slow) % 50 === 0)
    agree('sweep', floorRun(columns, combination, market, floorRoom(columns.length)), told);
}

function gridOf(count) {
  return Array.from({ length: count }, (_, index) => ({
    fast: 2 + (index % 20),
    slow: 25 + 5 * Math.floor(index / 20),
  }));
}

function peers() {
  const columns = firstOf(bars, peerRows);
  const averageOf = (period) => ema.batch(columns, { period }).ema;
  const averages = { quicks: averageOf(parameters.fast), calms: averageOf(parameters.slow) };
  return openPeers(columns, averages, say).map(({ name, run, tradesOf }) => {
    const trades = new Set(tradesOf(run()).map(keyOf));
    const ours = tradesHere(columns);
    const same = ours.filter((trade) => trades.has(keyOf(trade))).length;
    say(`${name}: ${trades.size} trades, ${same} of our ${ours.length} are among them`);
    const times = measure(
      [
        ['ours', () => decided(columns)],
        ['theirs', run],
      ],
      columns.length,
      3,
    );
    const figure = timesToFigure({
      ...{ name: `backtest-peer-${name}`, unit: 'ns/bar', values: times.get('theirs') },
      ...{ floor: times.get('ours'), floorName: 'event-driven' },
    });
    return { ...figure, trades: trades.size, tradesOfOurs: same, ourTrades: ours.length };
  });
}

function keyOf({ openedBar, closedBar }) {
  return `${openedBar} ${closedBar}`;
}

function tradesHere(columns) {
  const { fills } = runBars(columns, configured, market).value;
  const trades = [];
  for (let fill = 1; fill < fills.length; fill += 2)
    trades.push({ openedBar: fills.bar(fill - 1), closedBar: fills.bar(fill) });
  return trades;
}

/** Each in a process of its own. */
function memory() {
  const program = new URL('./backtest/memory.mjs', import.meta.url).pathname;
  const held = (what) =>
    JSON.parse(execFileSync(process.execPath, ['--no-warnings', program, String(rows), what]).toString());
  const asked = ['bars', 'run'].map((what) => Array.from({ length: 3 }, () => held(what)));
  const mebibytes = (samples, of) => samples.map((sample) => sample[of] / 2 ** 20);
  return ['rss', 'heap'].map((of) =>
    timesToFigure({
      ...{ name: `backtest-memory-${of}`, unit: 'MiB', values: mebibytes(asked[1], of) },
      ...{ floor: mebibytes(asked[0], of), floorName: 'a process that only makes the bars' },
    }),
  );
}

/** Who comes first changes from round to round. Nanoseconds a bar. */
function measure(parts, size, times = rounds) {
  const told = new Map(parts.map(([name]) => [name, []]));
  const colds = Math.min(warmUpRounds, times);
  for (let round = 0; round < times + colds; round += 1) {
    const first = round % parts.length;
    for (const [name, run] of [...parts.slice(first), ...parts.slice(0, first)]) {
      const began = performance.now();
      run();
      if (round >= colds) told.get(name).push(((performance.now() - began) * 1e6) / size);
    }
  }
  return told;
}
