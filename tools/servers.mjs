import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { spawned } from './children.mjs';
import { Failure } from './failure.mjs';
import { cacheDirectory, root } from './paths.mjs';
import { freePort } from './ports.mjs';
import { step } from './progress.mjs';
import { natsDefinition, planNats } from './servers/nats.mjs';
import { planPostgres, postgresDefinition } from './servers/postgres.mjs';
import { natsAnswers, postgresAnswers, redisAnswers, waitUntil } from './servers/probe.mjs';
import { planRedis, redisDefinition } from './servers/redis.mjs';
import { resolveServer } from './servers/resolve.mjs';

const readyMs = 60_000;
// An image may have to be fetched first.
const containerReadyMs = 10 * 60_000;
const externalMs = 5_000;
const startAttempts = 3;

/** In the folder of an instance: where its servers are while it runs. */
export const serversFile = 'servers.json';

/** Creates streams and consumers; no service may. */
export const busAdministrator = 'admin';
const services = ['market-data', 'strategy', 'risk-gate', 'execution', 'gateway', 'notifications', 'research'];

/** Who speaks on the bus, and what each may say, as the built contracts have it; nobody is restricted before they are built. */
async function builtContracts() {
  const built = join(root, 'libs/contracts/dist/index.js');
  return existsSync(built) ? import(pathToFileURL(built).href) : {};
}

/**
 * The users of the bus with their passwords and permissions.
 * @param {(key: string) => string} secret
 */
export async function busUsers(secret) {
  const { natsUsers, speakers = services } = await builtContracts();
  const names = [...new Set([busAdministrator, ...services, ...speakers])];
  const passwords = Object.fromEntries(names.map((user) => [user, secret(`nats.${user}`)]));
  const users = natsUsers === undefined ? [] : [...natsUsers(passwords)];
  const unrestricted = natsUsers === undefined ? names : [busAdministrator];
  for (const user of unrestricted) {
    if (!users.some((known) => known.user === user)) users.push({ user, password: passwords[user] });
  }
  return { passwords, users };
}

const probes = {
  nats: (url) => natsAnswers({ host: url.hostname, port: Number(url.port || 4222) }),
  postgres: (url) =>
    postgresAnswers({
      host: url.hostname,
      port: Number(url.port || 5432),
      user: decodeURIComponent(url.username) || 'postgres',
      database: url.pathname.slice(1) || 'postgres',
    }),
  redis: (url) =>
    redisAnswers({
      host: url.hostname,
      port: Number(url.port || 6379),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    }),
};

/** A server that somebody else runs: only asked whether it answers. */
async function externalServer(definition, text) {
  let url;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new Failure('INVALID_SERVER_ADDRESS', `${definition.urlVariable} is not an address.`, {
      where: definition.urlVariable,
      next: `write it as ${definition.kind}://127.0.0.1:PORT, or unset it`,
      cause,
      exitCode: 2,
    });
  }
  try {
    await waitUntil(() => probes[definition.kind](url), { timeoutMs: externalMs });
  } catch (cause) {
    throw new Failure('SERVER_UNREACHABLE', `${definition.label} does not answer at ${url.host}: ${cause.message}`, {
      where: definition.urlVariable,
      next: `start it, correct ${definition.urlVariable}, or unset ${definition.urlVariable} to have one provisioned`,
      cause,
    });
  }
  return { name: definition.kind, url: text, external: true };
}

/** Waits for all, so that nothing goes on behind a failure, and fails with the first one. */
async function allOrFirstFailure(promises) {
  const results = await Promise.allSettled(promises);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results.map(({ value }) => value);
}

const definitions = { nats: natsDefinition, postgres: postgresDefinition, redis: redisDefinition };

/**
 * Finds or provisions the three servers without starting any.
 * @param {{instance: object, environment?: Record<string, string | undefined>}} wanted
 * @returns {Promise<Record<'nats' | 'postgres' | 'redis', object>>}
 */
export async function prepareServers({ instance, environment = process.env }) {
  const context = {
    environment,
    cache: cacheDirectory(environment),
    postgresDirectory: join(instance.directory, 'postgres'),
  };
  mkdirSync(context.cache, { recursive: true });
  const prepared = await allOrFirstFailure(
    Object.values(definitions).map(async (definition) => {
      const given = environment[definition.urlVariable];
      if (given) return [definition.kind, await externalServer(definition, given)];
      const candidate = await resolveServer(definition, context);
      const from = `${candidate.from} ${candidate.version?.join('.') ?? ''}`.trim();
      return [definition.kind, { name: definition.kind, from, candidate }];
    }),
  );
  return Object.fromEntries(prepared);
}

function lastLines(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').trim().split('\n').slice(-5);
}

/** Starts a prepared server on a free port, on another one when somebody was faster. */
async function startPrepared({ prepared, plan, instance, children }) {
  if (prepared.external) return prepared;
  const { name, candidate, from } = prepared;
  const place = {
    directory: instance.folder(name),
    logFile: instance.logFile(name),
    container: `scalpstorm-${instance.name}-${name}`,
    temporary: instance.temporary,
  };
  const timeoutMs = from.startsWith('docker') ? containerReadyMs : readyMs;
  for (let attempt = 1; ; attempt += 1) {
    const planned = await plan({ ...place, candidate, port: await freePort() });
    const command = { name, ...planned.child };
    const child = await spawned(children.start(command), name);
    let running = true;
    child.once('exit', () => {
      running = false;
    });
    try {
      await waitUntil(planned.ready, { timeoutMs, stillRunning: () => running });
      return { name, from, url: planned.url, ready: planned.ready, command, child };
    } catch (cause) {
      if (!running && attempt < startAttempts) continue;
      throw new Failure('SERVER_NOT_STARTED', `${name} did not become ready: ${cause.message}`, {
        where: place.logFile,
        details: lastLines(place.logFile),
        next: 'read the log; start with --reset if its data is broken',
        cause,
      });
    }
  }
}

/**
 * Provisions and starts NATS, Postgres and Redis for an instance, at once.
 * @param {{instance: object, children: object, environment?: Record<string, string | undefined>, prepared?: object}} wanted
 */
export async function startServers({ instance, children, environment = process.env, prepared }) {
  const found = prepared ?? (await prepareServers({ instance, environment }));
  const { passwords, users } = await busUsers(instance.secret);
  const postgresPasswords = {
    superuser: instance.secret('postgres.superuser'),
    role: instance.secret('postgres.role'),
  };
  const redisPassword = instance.secret('redis');
  const syncInterval = environment.SCALPSTORM_NATS_SYNC_INTERVAL;
  const plans = {
    nats: (start) => planNats({ ...start, users, syncInterval }),
    postgres: (start) => planPostgres({ ...start, passwords: postgresPasswords }),
    redis: (start) => planRedis({ ...start, password: redisPassword }),
  };
  const start = (kind) =>
    step(`starting ${definitions[kind].label}`, () =>
      startPrepared({ prepared: found[kind], plan: plans[kind], instance, children }),
    );
  const started = await allOrFirstFailure(Object.keys(plans).map(start));
  const [nats, postgres, redis] = started;
  return {
    nats: { ...nats, ...(nats.external ? externalCredentials(environment, passwords) : { passwords }) },
    postgres,
    redis,
    all: started,
  };
}

/** A bus that somebody else runs has one user for all of us, named in the environment. */
function externalCredentials(environment, passwords) {
  const password = environment.NATS_PASSWORD ?? '';
  return {
    user: environment.NATS_USER,
    passwords: Object.fromEntries(Object.keys(passwords).map((name) => [name, password])),
  };
}
