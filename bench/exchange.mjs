// How many orders a second the simulated exchange takes: through the engine alone, with accounts and settlement, and over REST as
// a process of its own. Each figure stands beside the least that could do the same, measured in turns in the same run: bare price
// levels without accounts, and a server that answers every request with the same text.

import { bareLevelsRound } from './exchange/bare-levels.mjs';
import { engineRound } from './exchange/engine.mjs';
import { ratesToFigure } from './exchange/rates.mjs';
import { startRest } from './exchange/rest.mjs';
import { exchangeRound } from './exchange/settlement.mjs';
import { workload } from './exchange/workload.mjs';
import { machine, report } from './figures.mjs';

const json = process.argv.includes('--json');
const rounds = numberAfter('--rounds') ?? 15;
const orders = numberAfter('--orders') ?? 100_000;
const requests = numberAfter('--requests') ?? 4_000;
const warmUpRounds = 2;

function numberAfter(flag) {
  const index = process.argv.indexOf(flag);
  if (index < 0) return undefined;
  const value = Number(process.argv[index + 1]);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`BENCH_OPTION: ${flag} must be followed by a whole number above 0\n`);
  process.exit(2);
}

const rates = { bare: [], engine: [], settled: [], constant: [], rest: [] };
const rest = await startRest({ requests });
try {
  for (let round = 0; round < rounds + warmUpRounds; round += 1) {
    const work = workload({ orders, seed: round + 1 });
    const results = inTurns(round, [
      ['bare', () => bareLevelsRound(work)],
      ['engine', () => engineRound(work)],
      ['settled', () => exchangeRound(work)],
    ]);
    agree(results);
    const served = await inTurnsAsync(round, [
      ['constant', () => rest.constant()],
      ['rest', () => rest.exchange()],
    ]);
    if (round < warmUpRounds) continue;
    for (const [name, { perSecond }] of [...results, ...served]) rates[name].push(perSecond);
  }
} finally {
  await rest.stop();
}

/** Who comes first changes from round to round: neither always finds a warm or a tired machine. */
function inTurns(round, parts) {
  return turned(round, parts).map(([name, run]) => [name, run()]);
}

async function inTurnsAsync(round, parts) {
  const results = [];
  for (const [name, run] of turned(round, parts)) results.push([name, await run()]);
  return results;
}

function turned(round, parts) {
  const first = round % parts.length;
  return [...parts.slice(first), ...parts.slice(0, first)];
}

/** Figures of parts that do different things say nothing: all must have traded the same lots. */
function agree(results) {
  const lots = new Set(results.map(([, result]) => result.lotsTraded));
  if (lots.size !== 1) throw new Error(`traded lots differ: ${results.map(([name, r]) => `${name} ${r.lotsTraded}`)}`);
}

const engineUnit = { unit: 'orders/s', floor: rates.bare, floorName: 'bare price levels, no accounts' };
report({
  json,
  machine: machine(),
  figures: [
    ratesToFigure({ name: 'engine-with-settlement', values: rates.settled, ...engineUnit }),
    ratesToFigure({ name: 'engine', values: rates.engine, ...engineUnit }),
    ratesToFigure({
      name: 'rest-orders',
      unit: 'orders/s',
      values: rates.rest,
      floor: rates.constant,
      floorName: 'node:http, one constant answer',
    }),
  ],
});
process.exit(0);
