// What an indicator costs a value, in a batch and row by row, beside a loop by hand that does the same arithmetic over typed arrays (the
// floor), and beside other libraries. All take turns in the same run, over the same rows.
//   npm run bench -- indicators [--json] [--rows 50000] [--rounds 15]

import { timesToFigure } from './exchange/rates.mjs';
import { machine, quantile, report } from './figures.mjs';
import { floors } from './indicators/floors.mjs';
import { marketOf } from './indicators/market.mjs';
import { measured, streamed } from './indicators/ours.mjs';
import { openPeers } from './indicators/peers.mjs';
import { textbook } from './indicators/textbook.mjs';

const json = process.argv.includes('--json');
const rows = numberAfter('--rows') ?? 50_000;
const rounds = numberAfter('--rounds') ?? 15;
const warmUpRounds = 10;
const apartMax = 1e-9;

function numberAfter(flag) {
  const index = process.argv.indexOf(flag);
  if (index < 0) return undefined;
  const value = Number(process.argv[index + 1]);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`BENCH_OPTION: ${flag} must be followed by a whole number above 0\n`);
  process.exit(2);
}

const say = (text) => process.stderr.write(`${text}\n`);
const market = marketOf(rows, 7);
const peers = await openPeers(market, say);
const seriesFor = ({ outputs }) =>
  Object.fromEntries(Object.keys(outputs).map((name) => [name, new Float64Array(rows)]));
const figures = Object.keys(measured).flatMap((id) => figuresOf(id));
report({ json, machine: `${machine()}, ${rows} rows`, figures });
process.exit(0);

/** Everybody who can do this indicator, in turns. */
function figuresOf(id) {
  const { indicator, given, output } = measured[id];
  const { columns } = market;
  const [ours, least] = [seriesFor(indicator), seriesFor(indicator)];
  const [told, plain, spare] = [
    new Float64Array(rows),
    new Float64Array(rows),
    [new Float64Array(rows), new Float64Array(rows)],
  ];
  const parts = [
    ['floor', () => floors[id](columns, given, least)],
    ['batch', () => indicator.batch(columns, given, ours)],
    ['stream', () => streamed[id](indicator.start(given), columns, told)],
  ];
  if (textbook[id]) parts.push(['textbook', () => textbook[id](columns, given, plain, spare)]);
  for (const peer of peers)
    for (const form of ['batch', 'stream'])
      if (peer[form][id]) parts.push([`${peer.name} ${form}`, runnable(peer, form, id)]);
  const times = measure(parts.filter(([, run]) => run !== null));
  for (const [name, series] of Object.entries(ours)) agree(id, name, least[name], series);
  agree(id, 'stream', told, ours[output]);
  return ['batch', 'stream'].map((form) => ({
    ...timesToFigure({
      name: `indicators-${id}-${form}`,
      unit: 'ns/value',
      values: times.get(form),
      floor: times.get('floor'),
      floorName: 'the same arithmetic in one loop by hand',
    }),
    others: othersOf(times, form),
  }));
}

/** A peer that can not do it once can not do it at all. */
function runnable(peer, form, id) {
  try {
    peer[form][id]();
    return peer[form][id];
  } catch (error) {
    say(`${peer.name} is left out of ${id} (${form}): ${error.message}`);
    return null;
  }
}

/** Who comes first changes from round to round. Nanoseconds a row. */
function measure(parts) {
  const times = new Map(parts.map(([name]) => [name, []]));
  for (let round = 0; round < rounds + warmUpRounds; round += 1) {
    const first = round % parts.length;
    for (const [name, run] of [...parts.slice(first), ...parts.slice(0, first)]) {
      const began = performance.now();
      run();
      const took = ((performance.now() - began) * 1e6) / rows;
      if (round >= warmUpRounds) times.get(name).push(took);
    }
  }
  return times;
}

/** Medians by library; the textbook's loop is one over the whole series. */
function othersOf(times, form) {
  const others = [...times]
    .filter(([name]) => name.endsWith(` ${form}`) || (form === 'batch' && name === 'textbook'))
    .map(([name, values]) => [name.replace(` ${form}`, ''), Number(quantile(values, 0.5).toPrecision(4))]);
  return Object.fromEntries(others);
}

/** Times of loops that do different things say nothing. */
function agree(id, name, left, right) {
  const size = right.reduce((most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))), 0);
  for (let row = 0; row < rows; row += 1) {
    if (Number.isNaN(left[row]) && Number.isNaN(right[row])) continue;
    if (!(Math.abs(left[row] - right[row]) <= apartMax * size))
      throw new Error(`${id} ${name} differs in row ${row}: ${left[row]} and ${right[row]}`);
  }
}
