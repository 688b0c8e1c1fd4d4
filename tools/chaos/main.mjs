// `npm run chaos`: a platform of its own trades while everything around it goes wrong at random, and is judged by the venue's books.
import { createChildren } from '../children.mjs';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { spreadOf } from '../recovery/figures.mjs';
import { optionsOf } from '../recovery/options.mjs';
import { createRandom } from '../recovery/run.mjs';
import { startTrading } from '../recovery/trading.mjs';
import { prepareServers } from '../servers.mjs';
import { inTemporaryInstance } from '../temporary-instance.mjs';
import { keepEvidence } from './evidence.mjs';
import { createLinks } from './links.mjs';
import { faultKinds, planOf } from './plan.mjs';
import { strikeAndJudge } from './run.mjs';
import { createStopped } from './stopped.mjs';
import { createVenueFaults } from './venue-faults.mjs';
import { createWitness } from './witness.mjs';

const help = `npm run chaos -- [options]   real processes, servers, connections and a venue that fail at random while bots trade

  --kills N     how many faults, 1 to 10000 (default 30)
  --kinds A,B   which kinds: ${faultKinds.join(', ')} (default all)
  --seed N      which faults, in which order, at which moments (default 1)
  --bots N      how many bots trade, 1 to 500 (default 10)
  --plan        only tells the faults of this seed
  --json        the last line of stdout is JSON
  --help        this text

What it does and what is judged: docs/reliability.md.
`;

function parse(args) {
  const options = optionsOf('chaos');
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  const known = { kills: text, kinds: text, seed: text, bots: text, plan: flag, json: flag, help: flag };
  const values = options.parse(args, known);
  return {
    kinds: options.some('kinds', values.kinds, faultKinds),
    kills: options.whole('kills', values.kills ?? '30', { min: 1, max: 10_000 }),
    seed: options.whole('seed', values.seed ?? '1', { min: 0, max: 2 ** 32 - 1 }),
    bots: options.whole('bots', values.bots ?? '10', { min: 1, max: 500 }),
    plan: values.plan ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

/** What somebody else runs is neither killed nor flushed. */
async function prepareOwn(instance) {
  const prepared = await prepareServers({ instance });
  const external = Object.values(prepared).find((server) => server.external);
  if (external === undefined) return prepared;
  throw new Failure('SERVER_OF_OTHERS', `${external.name} is from the environment: it may be somebody else's.`, {
    where: `${external.name.toUpperCase()}_URL`,
    next: 'unset NATS_URL, POSTGRES_URL and REDIS_URL; chaos starts servers of its own',
    exitCode: 2,
  });
}

async function harm({ wanted, instance, atEnd }) {
  const children = createChildren({ onChange: instance.record, temporary: instance.directory });
  const stopped = createStopped();
  // One that stands still could not end well.
  atEnd(() => stopped.wakeAll());
  atEnd(() => children.endAll());
  const prepared = await prepareOwn(instance);
  const links = createLinks({ random: createRandom(wanted.seed) });
  atEnd(() => links.close());
  const options = { admin: true };
  const trading = await startTrading({ wanted, instance, children, prepared, options, between: links.between });
  const { servers, namespace, exchange } = trading.platform;
  const witness = createWitness({ postgresUrl: servers.postgres.url, namespace });
  await witness.install();
  await trading.startBots();
  const tools = { links, witness, stopped, children, venueFaults: createVenueFaults(exchange) };
  const outcome = await strikeAndJudge({ ...trading, ...tools, plan: planOf(wanted) });
  const result = resultOf(outcome, wanted);
  if (result.ok) return result;
  return {
    ...result,
    evidence: keepEvidence({
      instance,
      seed: wanted.seed,
      result: { ...result, found: outcome.violations },
      facts: outcome.facts,
    }),
  };
}

/** In the line; the evidence has all. */
const foundMax = 200;

const inSeconds = (ms) => Math.round(ms / 100) / 10;

function recoveryOf(faults) {
  const { p50, p99, max } = spreadOf(faults.flatMap(({ ms }) => ms ?? []).map(inSeconds));
  return { p50, p99, max };
}

function kindOf(faults) {
  const broken = faults.reduce((sum, { violations }) => sum + violations.length, 0);
  return {
    faults: faults.length,
    recoverySeconds: recoveryOf(faults),
    violations: broken,
    did: faults.map(({ did }) => did),
  };
}

/** Of the processes that had lost their lease while they stood still. */
function losersOf(faults) {
  const fights = faults.flatMap(({ writes }) => writes ?? []);
  const sum = (field) => fights.reduce((count, one) => count + one[field], 0);
  return { fights: fights.length, refused: sum('refused'), accepted: sum('accepted') };
}

function resultOf({ faults, cleanings, orders, fills, judged, violations }, { seed, bots }) {
  const perKind = Object.entries(Object.groupBy(faults, ({ kind }) => kind));
  return {
    ok: violations.length === 0,
    seed,
    bots,
    kills: faults.length,
    violations: violations.length,
    recoverySeconds: recoveryOf(faults),
    cleanSeconds: recoveryOf(cleanings),
    fills,
    orders,
    judged,
    losersWrites: losersOf(faults),
    perKind: Object.fromEntries(perKind.map(([kind, list]) => [kind, kindOf(list)])),
    found: violations.slice(0, foundMax),
  };
}

function asText(result) {
  const { perKind, recoverySeconds, cleanSeconds, found } = result;
  const row = (name, count, { p50, p99 }) =>
    `  ${name.padEnd(24)} ${String(count).padStart(4)}   p50 ${p50} s, p99 ${p99} s`;
  const rows = Object.entries(perKind).map(([kind, { faults, recoverySeconds: spread }]) => row(kind, faults, spread));
  return [
    `  seed ${result.seed}, ${result.bots} bots; time to the next order after each fault`,
    ...rows,
    row('all', result.kills, recoverySeconds),
    `  clean after p50 ${cleanSeconds.p50} s, p99 ${cleanSeconds.p99} s; ${result.orders} orders, ${result.fills} fills, ${result.seconds} s`,
    ...(result.losersWrites.fights === 0
      ? []
      : [
          `  losers of a lease: ${result.losersWrites.refused} writes refused, ${result.losersWrites.accepted} accepted`,
        ]),
    `  ${result.judged.auditRows} rows of the audit verified`,
    result.ok ? 'No violation.' : `${result.violations} violations:`,
    ...found.slice(0, 50).map((text) => `  - ${text}`),
    ...(result.evidence === undefined ? [] : [`  logs and facts: ${result.evidence}`]),
  ].join('\n');
}

async function main(args) {
  const wanted = parse(args);
  if (wanted.help) {
    process.stdout.write(help);
    return 0;
  }
  if (wanted.plan) {
    process.stdout.write(
      planOf(wanted)
        .map((fault) => `${JSON.stringify(fault)}\n`)
        .join(''),
    );
    return 0;
  }
  const startedAt = Date.now();
  const outcome = await inTemporaryInstance('chaos', (instance, atEnd) => harm({ wanted, instance, atEnd }));
  if (outcome === undefined) return 130;
  const result = { ...outcome, seconds: Math.round((Date.now() - startedAt) / 1_000) };
  process.stdout.write(`${wanted.json ? JSON.stringify(result) : asText(result)}\n`);
  return result.ok ? 0 : 1;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(exitCodeOf(error));
}
