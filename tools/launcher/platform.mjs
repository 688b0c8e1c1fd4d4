import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { programOf } from '../bundle/programs.mjs';
import { Failure } from '../failure.mjs';
import { writePrivate } from '../instance.mjs';
import { root } from '../paths.mjs';
import { freePorts, isPortFree } from '../ports.mjs';
import { say, step } from '../progress.mjs';
import { waitUntil } from '../servers/probe.mjs';
import { busAdministrator, serversFile, startServers } from '../servers.mjs';
import { startExchange } from './exchange.mjs';
import { keepLog } from './logs.mjs';
import { companionNames, namespaceOf, optionalNames, serviceEnvironment, serviceNames } from './services.mjs';
import { keepRunning } from './supervisor.mjs';

const defaultPort = 3_000;
const defaultGrpcPort = 50_051;
const readyMs = 90_000;
const everyName = [...serviceNames, ...companionNames];

/**
 * The port of the gateway: the one that was asked for, or 3000, or a free one when 3000 is taken and nobody insisted on it.
 * @throws {Failure} PORT_IN_USE
 */
export async function choosePort(asked) {
  if (asked === 0) return (await freePorts(1))[0];
  const port = asked ?? defaultPort;
  if (await isPortFree(port)) return port;
  if (asked === undefined) return (await freePorts(1))[0];
  throw new Failure('PORT_IN_USE', `port ${port} of 127.0.0.1 is in use.`, {
    where: '--port',
    next: `end what listens there, or choose another one: --port ${port === 65_535 ? port - 1 : port + 1}, or --port 0 for a free one`,
  });
}

/** Creates the streams and consumers, which no service may. */
async function provisionBus({ nats, namespace }) {
  const { provisionTopology } = await import(pathToFileURL(join(root, 'libs/platform/bus/dist/index.js')).href);
  const user = nats.user ?? busAdministrator;
  const administrator = { url: nats.url, user, password: nats.passwords[busAdministrator], namespace };
  await provisionTopology(administrator, { optional: optionalNames });
}

/** Starts Node processes whose output is kept in the instance's logs. */
function createProcessStarter({ instance, children, options }) {
  return ({ name, tier = 'service', args, environment, onLine }) => {
    const launch = () => {
      const child = children.start({ name, tier, command: process.execPath, args, environment });
      const log = keepLog({ name, child, path: instance.logFile(name), onLine });
      return { child, ...log };
    };
    const first = launch();
    const { isEnding } = children;
    keepRunning({ name, child: first.child, start: () => launch().child, isEnding, healthyMs: options.healthyMs });
    return first;
  };
}

async function readiness(port) {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(3_000) });
  if (response.status !== 200) throw new Error(`not ready: ${(await response.text()).slice(0, 300)}`);
  await response.body?.cancel();
}

async function untilReady({ name, port, process, instance }) {
  let gone = false;
  process.child.once('exit', () => {
    gone = true;
  });
  try {
    await waitUntil(() => readiness(port), { timeoutMs: readyMs, stillRunning: () => !gone });
  } catch (cause) {
    throw new Failure('SERVICE_NOT_READY', `${name} did not become ready: ${cause.message}`, {
      where: instance.logFile(process.logName ?? name),
      details: process.lastLines().slice(-4),
      next: 'read the log; start with --reset if its data is broken',
      cause,
    });
  }
}

/** Told when it fails; nothing else depends on it. */
function watchCompanion(companion) {
  untilReady(companion).catch((failure) => {
    if (!companion.isEnding()) say(`  ${failure.message} (${failure.where})`);
  });
}

/** One process a service. */
async function startSeparately({ environments, ports, instance, startProcess, isEnding }) {
  const started = serviceNames.map((name) => {
    const args = [programOf(name)];
    return { name, process: startProcess({ name, args, environment: environments[name] }) };
  });
  await step(`starting ${serviceNames.join(', ')}`, () =>
    Promise.all(
      started.map(({ name, process }) => untilReady({ name, port: ports.operations[name], process, instance })),
    ),
  );
  for (const name of companionNames) {
    const args = [programOf(name)];
    const process = startProcess({ name, args, environment: environments[name] });
    watchCompanion({ name, port: ports.operations[name], process, instance, isEnding });
  }
}

/** All services in one process. */
async function startTogether({ environments, ports, instance, startProcess, isEnding }) {
  const given = (names) => names.map((name) => ({ name, environment: environments[name] }));
  const services = { services: given(serviceNames), companions: given(companionNames) };
  const environment = { SCALPSTORM_SINGLE_PROCESS: JSON.stringify(services) };
  const args = [join(root, 'tools/launcher/single-process.mjs')];
  const process = { ...startProcess({ name: 'services', args, environment }), logName: 'services' };
  await step('starting all services in one process', () =>
    Promise.all(serviceNames.map((name) => untilReady({ name, port: ports.operations[name], process, instance }))),
  );
  for (const name of companionNames)
    watchCompanion({ name, port: ports.operations[name], process, instance, isEnding });
}

function checkBuilt() {
  const missing = ['sim-exchange', ...serviceNames, ...companionNames].filter((name) => !existsSync(programOf(name)));
  if (missing.length === 0) return;
  throw new Failure('SERVICE_NOT_BUILT', `there is no build of ${missing.join(', ')}.`, { next: 'run npm run build' });
}

const localAddress = (port) => `http://127.0.0.1:${port}`;

async function choosePorts(gateway) {
  const [freeForGrpc, inference, ...free] = await freePorts(everyName.length + 2);
  // Who asked for a port of their own runs a second instance, most often.
  const usual = gateway === defaultPort && (await isPortFree(defaultGrpcPort));
  const operations = Object.fromEntries(everyName.map((name, index) => [name, free[index]]));
  return { gateway, grpc: usual ? defaultGrpcPort : freeForGrpc, inference, operations };
}

/** Where health and metrics of each service are, for whoever scrapes them and for `scalpstorm doctor`. @returns the file */
function tellOperations({ instance, ports }) {
  const file = join(instance.directory, 'operations.json');
  const services = Object.entries(ports.operations).map(([name, port]) => [name, localAddress(port)]);
  const told = { gateway: localAddress(ports.gateway), operations: Object.fromEntries(services) };
  writePrivate(file, `${JSON.stringify(told, null, 1)}\n`);
  return file;
}

/** Where its servers are, for back-ups while it runs; readable by its owner alone, as its passwords are. */
function tellServers({ instance, servers: { postgres, nats } }) {
  const bus = { url: nats.url, user: nats.user ?? busAdministrator, password: nats.passwords[busAdministrator] };
  const told = { postgres: { url: postgres.url }, nats: bus };
  writePrivate(join(instance.directory, serversFile), `${JSON.stringify(told, null, 1)}\n`);
}

/** Services reach their servers and the exchange directly. */
const nothingBetween = async () => ({});

/**
 * Starts servers, streams, the exchange and the services of an instance.
 * @param {{options: object, instance: object, children: object, prepared: object,
 *   between?: (name: string, context: {servers: object, exchange: object}) => Promise<{servers?: object, exchange?: object}>}} wanted
 *   `between` says by which addresses a service reaches them, where these are not their own
 * @returns `environmentOf(name, as)` is the environment of a process of that service; `as` is what `between` is asked for
 */
export async function startPlatform({ options, instance, children, prepared, between = nothingBetween }) {
  checkBuilt();
  const gatewayPort = await choosePort(options.port ?? (options.check ? 0 : undefined));
  const servers = await startServers({ instance, children, prepared });
  tellServers({ instance, servers });
  for (const { name, command, child, external } of servers.all) {
    if (external) continue;
    const { isEnding } = children;
    keepRunning({ name, child, start: () => children.start(command), isEnding, healthyMs: options.healthyMs });
  }
  const namespace = namespaceOf(instance.name);
  await step('making the streams', () => provisionBus({ nats: servers.nats, namespace }));
  const startProcess = createProcessStarter({ instance, children, options });
  const exchange = await step('starting the simulated exchange', () =>
    startExchange({ options, instance, startProcess }),
  );
  const ports = await choosePorts(gatewayPort);
  const operations = tellOperations({ instance, ports });
  const { strategies } = options;
  const context = { servers, exchange, instance, ports, namespace, strategies };
  const environmentOf = async (name, as = name) =>
    serviceEnvironment(name, { ...context, ...(await between(as, context)) });
  const environments = Object.fromEntries(
    await Promise.all(everyName.map(async (name) => [name, await environmentOf(name)])),
  );
  const start = options.singleProcess ? startTogether : startSeparately;
  await start({ environments, ports, instance, startProcess, isEnding: children.isEnding });
  for (const { name, from, external } of servers.all) say(`  ${name}: ${external ? 'from the environment' : from}`);
  const [address, grpcAddress] = [localAddress(gatewayPort), `127.0.0.1:${ports.grpc}`];
  return { address, grpcAddress, operations, exchange, servers, namespace, environmentOf };
}
