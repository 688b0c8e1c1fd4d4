import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from './failure.mjs';
import { cacheDirectory, root } from './paths.mjs';
import { freePort } from './ports.mjs';
import { step } from './progress.mjs';
import { natsDefinition, planNats } from './servers/nats.mjs';
import { planPostgres, postgresDefinition } from './servers/postgres.mjs';
import { natsAnswers, postgresAnswers, redisAnswers, waitUntil } from './servers/probe.mjs';
import { planRedis, redisDefinition } from './servers/redis.mjs';
import { resolveServer } from './servers/resolve.mjs';
import { spawned } from './children.mjs';

const readyMs = 60_000;
const externalMs = 5_000;
const startAttempts = 3;

/** Creates streams and consumers; no service may. */
export const busAdministrator = 'admin';
const services = ['market-data', 'strategy', 'risk-gate', 'execution', 'gateway'];

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

/**
 * Finds or provisions one server and says how to start it.
 * @param {{definition: object, instance: object, environment: object, plan: (start: {candidate: object, port: number}) => object}} wanted
 */
async function prepare({ definition, instance, environment, plan }) {
  const given = environment[definition.urlVariable];
  if (given) return externalServer(definition, given);
  const context = {
    environment,
    cache: cacheDirectory(environment),
    postgresDirectory: join(instance.directory, 'postgres'),
  };
  mkdirSync(context.cache, { recursive: true });
  const candidate = await resolveServer(definition, context);
  const from = `${candidate.from} ${candidate.version?.join('.') ?? ''}`.trim();
  return { name: definition.kind, from, plan: (port) => plan({ candidate, port }) };
}

function lastLines(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').trim().split('\n').slice(-5);
}

/** Starts a prepared server on a free port, on another one when somebody was faster. */
async function startPrepared({ prepared, instance, children }) {
  if (prepared.external) return prepared;
  const logFile = instance.logFile(prepared.name);
  for (let attempt = 1; ; attempt += 1) {
    const plan = await prepared.plan(await freePort());
    const command = { name: plan.name, ...plan.child };
    const child = await spawned(children.start(command), plan.name);
    let running = true;
    child.once('exit', () => {
      running = false;
    });
    try {
      await waitUntil(plan.ready, { timeoutMs: readyMs, stillRunning: () => running });
      return { name: plan.name, from: prepared.from, url: plan.url, ready: plan.ready, command, child };
    } catch (cause) {
      if (!running && attempt < startAttempts) continue;
      throw new Failure('SERVER_NOT_STARTED', `${plan.name} did not become ready: ${cause.message}`, {
        where: logFile,
        details: lastLines(logFile),
        next: 'read the log; start with --reset if its data is broken',
        cause,
      });
    }
  }
}

/**
 * Provisions and starts NATS, Postgres and Redis for an instance, at once.
 * @param {{instance: object, children: object, environment?: Record<string, string | undefined>}} wanted
 */
export async function startServers({ instance, children, environment = process.env }) {
  const { passwords, users } = await busUsers(instance.secret);
  const postgresPasswords = { superuser: instance.secret('postgres.superuser'), role: instance.secret('postgres.role') };
  const redisPassword = instance.secret('redis');
  const syncInterval = environment.SCALPSTORM_NATS_SYNC_INTERVAL;
  const place = (kind) => ({
    directory: instance.folder(kind),
    logFile: instance.logFile(kind),
    container: `scalpstorm-${instance.name}-${kind}`,
  });
  const wanted = [
    [natsDefinition, (start) => planNats({ ...start, ...place('nats'), users, syncInterval })],
    [postgresDefinition, (start) => planPostgres({ ...start, ...place('postgres'), passwords: postgresPasswords })],
    [redisDefinition, (start) => planRedis({ ...start, ...place('redis'), password: redisPassword })],
  ];
  const started = await Promise.all(
    wanted.map(async ([definition, plan]) => {
      const prepared = await prepare({ definition, instance, environment, plan });
      return step(`starting ${definition.label}`, () => startPrepared({ prepared, instance, children }));
    }),
  );
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
