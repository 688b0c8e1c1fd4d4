// `npm run recovery`: a platform of its own trades while its processes are killed, and is then judged by the venue's books.
import { parseArgs } from 'node:util';
import { createChildren } from '../children.mjs';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { ensureDemoBots, logInAsOwner } from '../launcher/first-user.mjs';
import { createGatewayClient } from '../launcher/gateway-client.mjs';
import { startPlatform } from '../launcher/platform.mjs';
import { step } from '../progress.mjs';
import { prepareServers } from '../servers.mjs';
import { inTemporaryInstance } from '../temporary-instance.mjs';
import { killAndWatch, kinds } from './run.mjs';
import { createHistory, createVenue } from './venue.mjs';

const help = `npm run recovery -- [options]   kills every kind of process of a trading platform and counts what went wrong

  --kills N     how often each kind is killed, 1 to 1000 (default 3)
  --kinds A,B   which kinds: ${kinds.join(', ')} (default all)
  --seed N      which moments and which order (default 1)
  --bots N      how many bots trade, 1 to 500 (default 5)
  --json        the last line of stdout is JSON
  --help        this text
`;

function wrong(name, allowed) {
  return new Failure('INVALID_OPTION', `--${name} must be ${allowed}.`, {
    where: `--${name}`,
    next: 'run `npm run recovery -- --help`',
    exitCode: 2,
  });
}

function whole(name, text, { min, max }) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) throw wrong(name, `a whole number from ${min} to ${max}`);
  return value;
}

function parse(args) {
  const text = { type: 'string' };
  const known = {
    kills: text,
    kinds: text,
    seed: text,
    bots: text,
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  };
  let values;
  try {
    ({ values } = parseArgs({ args, options: known }));
  } catch (cause) {
    const next = 'run `npm run recovery -- --help`';
    throw new Failure('UNKNOWN_OPTION', cause.message, { next, exitCode: 2, cause });
  }
  const chosen = values.kinds?.split(',') ?? kinds;
  if (chosen.some((kind) => !kinds.includes(kind))) throw wrong('kinds', `some of ${kinds.join(', ')}`);
  return {
    kills: whole('kills', values.kills ?? '3', { min: 1, max: 1_000 }),
    kinds: chosen,
    seed: whole('seed', values.seed ?? '1', { min: 0, max: 2 ** 32 - 1 }),
    bots: whole('bots', values.bots ?? '5', { min: 1, max: 500 }),
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

async function trade({ wanted, instance, children }) {
  const prepared = await prepareServers({ instance });
  // Killed on purpose: nobody has to wait longer for it each time.
  const options = { market: 'synthetic', speed: 10, seed: wanted.seed, port: 0, healthyMs: 0 };
  const platform = await startPlatform({ options, instance, children, prepared });
  const { address, exchange } = platform;
  const client = createGatewayClient(address);
  await logInAsOwner({ client, instance });
  const venue = createVenue(exchange);
  const opening = await venue.balances();
  const { symbols } = exchange;
  const assets = new Map(symbols.map((symbol) => [symbol.replace('-', ''), symbol.split('-')]));
  const assetsOf = (symbol) => ({ base: assets.get(symbol)[0], quote: assets.get(symbol)[1] });
  const history = createHistory(venue, [...assets.keys()]);
  await step('starting the bots', () =>
    ensureDemoBots({ client, symbols, count: wanted.bots, wake: false, market: 'synthetic' }),
  );
  return killAndWatch({ wanted, instance, client, venue, history, opening, platform: { ...platform, assetsOf } });
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

function figuresOf(times) {
  const sorted = times.toSorted((left, right) => left - right);
  return { kills: sorted.length, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) };
}

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
