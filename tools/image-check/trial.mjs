// Starts what the images would start, in the folders that hold their files, and asks them the images' own health check.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pinnedEnvironment } from '../pinned-node.mjs';
import { freePorts } from '../ports.mjs';
import { step } from '../progress.mjs';
import { waitUntil } from '../servers/probe.mjs';
import { imageOf } from './dockerfile.mjs';
import { composeEnvironments } from './trial-environment.mjs';

const readyMs = 120_000;
const stopMs = 10_000;
const tailBytes = 600;

/** What only the machine itself may decide. */
const inherited = ['HOME', 'LANG', 'TZ', 'TMPDIR'];

/** How the images' user can be taken here, or why not. */
export function imageUser(folder) {
  if (process.getuid?.() !== 0)
    return { options: {}, skipped: 'the services ran as this user, not as 1000: only root may change it' };
  const options = { uid: 1000, gid: 1000 };
  const answer = spawnSync('node', ['-e', ''], { ...options, cwd: folder, env: pinnedEnvironment(), stdio: 'ignore' });
  if (answer.status === 0) return { options, skipped: undefined };
  return { options: {}, skipped: 'the services ran as root, not as 1000: no other user may enter this folder' };
}

/** The command of an image, its folders and its public port moved to where they are here. */
function placed({ words, place, port }) {
  return words.map((word) =>
    isAbsolute(word)
      ? join(place.folder, word)
      : word.replace('0.0.0.0', '127.0.0.1').replace(/\b9000\b/, String(port)),
  );
}

function environmentOf({ image, place, given, port }) {
  const own = Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
  const ofImage = Object.fromEntries(
    Object.entries(image.env).map(([name, value]) => [name, placed({ words: [value], place, port })[0]]),
  );
  return { ...own, PATH: pinnedEnvironment().PATH, ...ofImage, ...given };
}

/** Runs to its end. @returns {Promise<{code: number, output: string}>} */
function ended({ words, place, environment, options }) {
  return new Promise((resolve) => {
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn(words[0], words.slice(1), { cwd: place.workdir, env: environment, stdio, ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function mustEnd(wanted) {
  const { code, output } = await ended(wanted);
  if (code !== 0) throw new Error(`${wanted.words.join(' ')} ended with ${code}: ${output.trim().slice(-tailBytes)}`);
  return output;
}

/** Starts an image's command and waits until its health check passes. */
async function started({ name, image, place, given, port, children, options, logFile }) {
  const environment = environmentOf({ image, place, given, port });
  const words = placed({ words: [...image.entrypoint, ...image.command], place, port });
  // Not the environment of whoever runs the check, only the image's and what it is given.
  const blank = Object.fromEntries(Object.keys(process.env).map((key) => [key, undefined]));
  const child = children.start({
    name,
    tier: name === 'sim-exchange' ? 'venue' : 'service',
    command: words[0],
    args: words.slice(1),
    environment: { ...blank, ...environment },
    options: { cwd: place.workdir, ...options },
    logFile,
  });
  let running = true;
  child.once('exit', () => {
    running = false;
  });
  const health = async () => {
    const { code, output } = await ended({ words: image.health, place, environment, options });
    if (code !== 0) throw new Error(output.trim().slice(-tailBytes));
  };
  try {
    await waitUntil(health, { timeoutMs: readyMs, stillRunning: () => running });
  } catch (cause) {
    throw new Error(`${name}: ${cause.message} ${readFileSync(logFile, 'utf8').trim().slice(-tailBytes)}`);
  }
  return { name, child, environment };
}

/** An image must end when it is told to, before it is cut off. */
function mustStop({ name, child }) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${name} did not end within ${stopMs / 1_000} s of SIGTERM`)),
      stopMs,
    );
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(new Error(`${name} ended with ${signal ?? code} after SIGTERM`));
    });
    child.kill('SIGTERM');
  });
}

/** Database, bus, users of NATS and .env by the setup image, with the environment of compose. @returns the users that it wrote */
async function trySetup({ stages, places, instance, options, environmentFor }) {
  const [image, place] = [imageOf(stages, 'setup'), places.get('setup')];
  const run = (command, given) =>
    mustEnd({
      words: [...image.entrypoint, ...command],
      place,
      environment: environmentOf({ image, place, given }),
      options,
    });
  const template = readFileSync(join(place.workdir, '.env.example'), 'utf8');
  const text = await run(['environment', '.env.example'], {});
  if (text.split('\n').length !== template.split('\n').length)
    throw new Error('setup: .env is not .env.example, filled in');
  const users = instance.folder('nats-trial');
  writeFileSync(join(users, 'users.conf'), '');
  const folder = join(place.folder, 'var/lib/scalpstorm/nats-users');
  await run(['nats-users', join(folder, 'users.conf')], environmentFor('nats-users'));
  for (const name of ['setup', 'setup', 'kafka-consumers']) await run(image.command, environmentFor(name));
  return join(folder, 'users.conf');
}

/** NATS itself reads the configuration of compose with the users that setup wrote. */
async function tryNats({ root, instance, usersFile, command }) {
  const folder = instance.folder('nats-trial');
  mkdirSync(join(folder, 'users'), { recursive: true });
  copyFileSync(join(root, 'deploy/nats/nats.conf'), join(folder, 'nats.conf'));
  copyFileSync(usersFile, join(folder, 'users/users.conf'));
  await mustEnd({
    words: [command, '-t', '-c', join(folder, 'nats.conf')],
    place: { workdir: folder },
    environment: process.env,
  });
}

/** The page was built, and its files are where the gateway looks. */
async function mustServePage(address) {
  const response = await fetch(address, { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(5_000) });
  const text = await response.text();
  if (response.status !== 200 || !text.includes('<script'))
    throw new Error(`gateway: its page answers ${response.status}`);
}

/** What only the place decides: on one machine no two have the same port. */
function placeOf(name, { operations, gateway, grpc, inference }) {
  const own = { OPERATIONS_PORT: String(operations[name]) };
  if (name === 'gateway') return { ...own, PORT: String(gateway), GRPC_PORT: String(grpc) };
  if (name === 'inference') return { ...own, PORT: String(inference) };
  // A broker is not here: the bridge is alive, and says itself what it waits for.
  return name === 'kafka-bridge' ? { ...own, HEALTH_URL: `http://127.0.0.1:${operations[name]}/health/live` } : own;
}

function environmentsOf({ read, servers, instance, exchangePort }) {
  const at = (server) => new URL(servers[server].url);
  return composeEnvironments({
    read,
    namespace: 'image-check',
    passwords: {
      nats: servers.nats.passwords,
      postgresAdmin: instance.secret('postgres.superuser'),
      redis: decodeURIComponent(at('redis').password),
    },
    addresses: {
      'nats:4222': at('nats').host,
      'postgres:5432': at('postgres').host,
      'redis:6379': at('redis').host,
      'sim-exchange:9000': `127.0.0.1:${exchangePort}`,
      'kafka:9092': '127.0.0.1:1',
      'otel-collector:4318': undefined,
    },
  });
}

/**
 * @param {{root: string, stages: object[], places: Map<string, object>, targets: readonly string[], servers: object,
 *   instance: object, children: object, natsCommand: string | undefined, read: {raw: object, environment: string}}} wanted
 * @returns {Promise<{started: string[], skipped: string[]}>}
 */
export async function tryImages({ root, stages, places, targets, servers, instance, children, natsCommand, read }) {
  const { options, skipped: why } = imageUser(places.get('runtime').workdir);
  const skipped = why === undefined ? [] : [why];
  const [port, gateway, grpc, inference, ...free] = await freePorts(targets.length + 4);
  const operations = Object.fromEntries(targets.map((name, index) => [name, free[index]]));
  const environmentFor = environmentsOf({ read, servers, instance, exchangePort: port });
  const usersFile = await step('setup: database, bus, users', () =>
    trySetup({ stages, places, instance, options, environmentFor }),
  );
  if (natsCommand === undefined) skipped.push('deploy/nats/nats.conf was not read by NATS: it runs elsewhere');
  else await tryNats({ root, instance, usersFile, command: natsCommand });
  const start = (name) => {
    const image = imageOf(stages, name);
    const logFile = instance.logFile(name);
    const given = { ...environmentFor(name), ...placeOf(name, { operations, gateway, grpc, inference }) };
    return started({ name, image, place: places.get(name), given, port, children, options, logFile });
  };
  const venue = await start('sim-exchange');
  const others = targets.filter((name) => !['setup', 'sim-exchange'].includes(name));
  const services = await step(`starting ${others.join(', ')}`, () => Promise.all(others.map(start)));
  await mustServePage(`http://127.0.0.1:${gateway}/`);
  await Promise.all([...services, venue].map(mustStop));
  skipped.push('spans were sent nowhere: no collector here');
  if (targets.includes('kafka-bridge'))
    skipped.push('kafka-bridge was asked whether it is live, not ready: no broker here');
  return { started: ['setup', 'sim-exchange', ...others].sort(), skipped };
}
