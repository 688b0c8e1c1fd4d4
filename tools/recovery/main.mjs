// `npm run recovery`: a platform of its own trades while its processes are killed, and is then judged by the venue's books.
import { createChildren } from '../children.mjs';
import { errorText, exitCodeOf } from '../failure.mjs';
import { inTemporaryInstance } from '../temporary-instance.mjs';
import { spreadOf } from './figures.mjs';
import { optionsOf } from './options.mjs';
import { killAndWatch, kinds } from './run.mjs';
import { startTrading } from './trading.mjs';

const help = `npm run recovery -- [options]   kills every kind of process of a trading platform and counts what went wrong

  --kills N     how often each kind is killed, 1 to 1000 (default 3)
  --kinds A,B   which kinds: ${kinds.join(', ')} (default all)
  --seed N      which moments and which order (default 1)
  --bots N      how many bots trade, 1 to 500 (default 5)
  --json        the last line of stdout is JSON
  --help        this text
`;

function parse(args) {
  const options = optionsOf('recovery');
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  const known = { kills: text, kinds: text, seed: text, bots: text, json: flag, help: flag };
  const values = options.parse(args, known);
  return {
    kinds: options.some('kinds', values.kinds, kinds),
    kills: options.whole('kills', values.kills ?? '3', { min: 1, max: 1_000 }),
    seed: options.whole('seed', values.seed ?? '1', { min: 0, max: 2 ** 32 - 1 }),
    bots: options.whole('bots', values.bots ?? '5', { min: 1, max: 500 }),
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

async function trade({ wanted, instance, children }) {
  const run = await startTrading({ wanted, instance, children });
  await run.startBots();
  return killAndWatch(run);
}

const figuresOf = (times) => ({ kills: times.length, ...spreadOf(times) });

function resultOf({ deaths, orders, fills, violations }, { seed, seconds }) {
  const timesOf = (list) => list.flatMap(({ ms }) => ms ?? []);
  const perKind = Object.entries(Object.groupBy(deaths, ({ kind }) => kind));
  return {
    ok: violations.length === 0,
    seed,
    kills: deaths.length,
    orders,
    fills,
    violations,
    nextOrderMs: figuresOf(timesOf(deaths)),
    perKind: Object.fromEntries(perKind.map(([kind, list]) => [kind, figuresOf(timesOf(list))])),
    seconds,
  };
}

function asText(result) {
  const rows = Object.entries({ ...result.perKind, all: result.nextOrderMs }).map(
    ([kind, { kills, p50, p99 }]) => `  ${kind.padEnd(26)} ${kills} kills, next order p50 ${p50} ms, p99 ${p99} ms`,
  );
  const verdict = result.ok ? 'No violation.' : `${result.violations.length} violations:`;
  const told = result.violations.slice(0, 50).map((text) => `  - ${text}`);
  return [`  seed ${result.seed}`, ...rows, `  ${result.orders} orders, ${result.fills} fills`, verdict, ...told].join(
    '\n',
  );
}

async function main(args) {
  const wanted = parse(args);
  if (wanted.help) {
    process.stdout.write(help);
    return 0;
  }
  const startedAt = Date.now();
  const outcome = await inTemporaryInstance('recovery', (instance, atEnd) => {
    const children = createChildren({ onChange: instance.record, temporary: instance.directory });
    atEnd(() => children.endAll());
    return trade({ wanted, instance, children });
  });
  if (outcome === undefined) return 130;
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  const result = resultOf(outcome, { seed: wanted.seed, seconds });
  process.stdout.write(`${wanted.json ? JSON.stringify(result) : asText(result)}\n`);
  return result.ok ? 0 : 1;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(exitCodeOf(error));
}
