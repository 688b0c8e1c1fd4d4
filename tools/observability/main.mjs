// `npm run observability:check`: a platform of its own trades, a real Prometheus scrapes it, and everything shipped is asked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createChildren } from '../children.mjs';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { cacheDirectory, root } from '../paths.mjs';
import { step } from '../progress.mjs';
import { prepareServers } from '../servers.mjs';
import { inTemporaryInstance } from '../temporary-instance.mjs';
import { openReceiver, startAlertmanager } from './alertmanager.mjs';
import { exceptions } from './exceptions.mjs';
import { heartbeatFaults, stopAndHeal } from './journey.mjs';
import { startKafka } from './kafka.mjs';
import { unhealthyRules, unmetAsTold, untilMet, wishesOf } from './live.mjs';
import { offlineFaults } from './offline.mjs';
import { configurationFor, findPrograms, startPrometheus } from './servers.mjs';
import { panelQueries, rulesFolder, shippedRules } from './shipped.mjs';

const help = `npm run observability:check -- [options]   asks a real Prometheus everything that dashboards and rules ask

  --journey  then stops a feed, waits for the page that Alertmanager sends, and for its all-clear; two minutes more
  --json     stdout is one JSON object: panels, queries, rules, empty (no data), failed, excepted (said to have no series here)
  --help     this text
`;

const scrapeSeconds = 2;
/** A panel whose event is rare, such as a completed cycle, waits for it so long. */
const dataMsMax = 180_000;
const demoBots = 5;

const boolean = { type: 'boolean' };

function parse(args) {
  try {
    return parseArgs({ args, options: { json: boolean, help: boolean, journey: boolean } }).values;
  } catch (cause) {
    const next = 'run `npm run observability:check -- --help`';
    throw new Failure('UNKNOWN_OPTION', cause.message, { next, exitCode: 2, cause });
  }
}

/** What belongs to the launcher reads at its start which services there are: the broker is named before. */
async function launcher(environment) {
  Object.assign(process.env, environment);
  const [platform, client, user] = await Promise.all([
    import('../launcher/platform.mjs'),
    import('../launcher/gateway-client.mjs'),
    import('../launcher/first-user.mjs'),
  ]);
  return { ...platform, ...client, ...user };
}

/** A platform whose bots trade, at ten times the pace so that cycles complete soon, and whose events go to a broker. */
async function startTrading({ instance, children, kafka }) {
  const { createGatewayClient, ensureDemoBots, logInAsOwner, startPlatform } = await launcher(kafka.environment);
  const prepared = await prepareServers({ instance });
  const options = { market: 'synthetic', speed: 10, seed: 1, port: 0 };
  const { address, operations, exchange } = await startPlatform({ options, instance, children, prepared });
  const client = createGatewayClient(address);
  await logInAsOwner({ client, instance });
  const { symbols } = exchange;
  await step('starting the bots', () =>
    ensureDemoBots({ client, symbols, count: demoBots, wake: false, market: 'synthetic', model: true }),
  );
  return { client, operations: JSON.parse(readFileSync(operations, 'utf8')).operations };
}

async function askEverything({ programs, instance, children, queries, rules, alertmanager, kafka }) {
  const { client, operations } = await startTrading({ instance, children, kafka });
  const shipped = readFileSync(join(root, 'deploy/prometheus/prometheus.yml'), 'utf8');
  const run = { operations, rules: rulesFolder, everySeconds: scrapeSeconds, alertmanager };
  const configure = (prometheus) => configurationFor(shipped, { ...run, prometheus });
  const { command } = programs.prometheus;
  const address = await startPrometheus({ command, configure, instance, children });
  const wishes = wishesOf({ queries, rules });
  const { unmet, wrong } = await step(`asking ${wishes.length} questions`, () =>
    untilMet(wishes, { address, boundMs: dataMsMax, between: () => client.bots() }),
  );
  const { empty, lost } = unmetAsTold(unmet);
  return { empty, failed: [...wrong, ...lost, ...(await unhealthyRules(address))] };
}

async function check({ instance, children, receiver, journey, kafka }) {
  const { panels, queries } = panelQueries();
  const rules = shippedRules();
  const programs = await findPrograms({ environment: process.env, cache: cacheDirectory() });
  const offline = await offlineFaults({ programs, rules });
  const text = readFileSync(join(root, 'deploy/alertmanager/alertmanager.yml'), 'utf8');
  const program = programs.alertmanager;
  const alertmanager = await startAlertmanager({ program, text, receiver, instance, children });
  const asked = await askEverything({ programs, instance, children, queries, rules, alertmanager, kafka });
  const { empty } = asked;
  const failed = [...offline, ...asked.failed, ...(await heartbeatFaults(receiver.told))];
  const counts = { panels, queries: queries.length, rules: rules.length, excepted: exceptions };
  if (!journey) return { ...counts, empty, failed };
  const told = await step('stopping a feed', () => stopAndHeal({ instance, told: receiver.told }));
  const { failed: lost, ...times } = told;
  return { ...counts, empty, failed: [...failed, ...lost], journey: times };
}

function asText({ panels, queries, rules, excepted, empty, failed, journey }) {
  const told = [
    ...empty.map(({ where, query }) => `  no data  ${where}: ${query}`),
    ...failed.map(({ where, why }) => `  failed   ${where}: ${why}`),
  ];
  const verdict = told.length === 0 ? 'Everything was answered.' : `${told.length} were not:`;
  const without = excepted.map(({ selector, because }) => `  no series here  ${selector}: ${because}`);
  const healed = journey?.healedMs === undefined ? [] : [journeyText(journey)];
  return [`${panels} panels, ${queries} queries, ${rules} rules. ${verdict}`, ...told, ...without, ...healed].join(
    '\n',
  );
}

const journeyText = ({ alert, toldMs, healedMs }) =>
  `${alert} was told ${(toldMs / 1_000).toFixed(1)} s after its feed had stopped, and cleared ${(healedMs / 1_000).toFixed(1)} s after it went on.`;

async function main(args) {
  const { json = false, help: wantsHelp = false, journey = false } = parse(args);
  if (wantsHelp) {
    process.stdout.write(help);
    return 0;
  }
  const result = await inTemporaryInstance('observability', async (instance, atEnd) => {
    const children = createChildren({ onChange: instance.record, temporary: instance.directory });
    atEnd(() => children.endAll());
    const receiver = await openReceiver();
    atEnd(() => receiver.close());
    const kafka = await startKafka();
    atEnd(() => kafka.close());
    return check({ instance, children, receiver, journey, kafka });
  });
  if (result === undefined) return 130;
  process.stdout.write(`${json ? JSON.stringify(result) : asText(result)}\n`);
  return result.empty.length + result.failed.length === 0 ? 0 : 1;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(exitCodeOf(error));
}
