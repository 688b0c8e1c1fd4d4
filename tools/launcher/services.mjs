import { createHash } from 'node:crypto';
import { Failure } from '../failure.mjs';
import { compileCache } from '../paths.mjs';

/** They start together: each waits by itself for what it needs of the others, as it must after a crash. */
export const serviceNames = ['market-data', 'execution', 'risk-gate', 'strategy', 'gateway'];

/** Carries events to Kafka, where somebody names one: nobody else gets the process, nor consumers that nobody reads. */
export const optionalNames = process.env.KAFKA_BROKERS ? ['kafka-bridge'] : [];

/** Nothing that trades needs them: they start when the others are ready, and nobody waits for them. */
export const companionNames = ['notifications', 'inference', 'research', ...optionalNames];

const namespaceMax = 24;

/** What prefixes everything an instance stores, so that instances can share servers that somebody else runs. */
export function namespaceOf(instanceName, environment = process.env) {
  if (environment.SCALPSTORM_NAMESPACE) return environment.SCALPSTORM_NAMESPACE;
  if (instanceName === 'default') return 'scalpstorm';
  if (instanceName.length <= namespaceMax) return instanceName;
  const digest = createHash('sha256').update(instanceName).digest('hex').slice(0, 8);
  return `${instanceName.slice(0, namespaceMax - 9)}-${digest}`;
}

/**
 * Accounts that somebody gives beside the demo account; execution checks each.
 * @throws {Failure} INVALID_VENUE_ACCOUNTS
 */
export function ownAccounts(text = process.env.VENUE_ACCOUNTS) {
  if (!text) return [];
  try {
    const accounts = JSON.parse(text);
    if (Array.isArray(accounts)) return accounts;
  } catch {
    // Said below; the text itself holds secrets.
  }
  throw new Failure('INVALID_VENUE_ACCOUNTS', 'VENUE_ACCOUNTS is not a JSON list.', {
    where: 'VENUE_ACCOUNTS',
    next: 'write it as in docs/venues.md, or unset it',
    exitCode: 2,
  });
}

/** What an operator may set for notifications; every service gets exactly its own, also where all share a process. */
const notificationSettings = /^(NOTIFICATIONS|TELEGRAM|SMTP|WEBHOOK)_[A-Z_]+$/;

function notificationEnvironment(instance, environment = process.env) {
  const given = Object.entries(environment).filter(([key, value]) => notificationSettings.test(key) && value !== '');
  const key = createHash('sha256').update(instance.secret('notifications')).digest('hex');
  return { NOTIFICATIONS_KEY: key, ...Object.fromEntries(given) };
}

/** What an operator may set for all of them: lines, traces, metrics, patience, and whether they run on tables of a later version. */
const sharedSettings = /^(LOG_LEVEL|METRICS|NATS_ANSWER_MS_MAX|SCHEMA_NEWER|OTEL_[A-Z_]+|TRACES?_[A-Z_]+)$/;

function sharedEnvironment(environment = process.env) {
  return Object.fromEntries(Object.entries(environment).filter(([key, value]) => sharedSettings.test(key) && value));
}

/** What an operator may set for inference. */
const inferenceSettings = /^(MODELS|INFERENCE)_[A-Z_]+$/;

function inferenceEnvironment(environment = process.env) {
  return Object.fromEntries(Object.entries(environment).filter(([key, value]) => inferenceSettings.test(key) && value));
}

/** What an operator may set for research. */
function researchEnvironment(environment = process.env) {
  return Object.fromEntries(
    Object.entries(environment).filter(([key, value]) => /^RESEARCH_[A-Z_]+$/.test(key) && value),
  );
}

/** What an operator may set for the bridge. */
function kafkaEnvironment(environment = process.env) {
  return Object.fromEntries(Object.entries(environment).filter(([key, value]) => /^KAFKA_[A-Z_]+$/.test(key) && value));
}

/** What only one service needs; only execution holds the venue's keys. */
function ownEnvironment(name, { exchange, instance, ports, strategies }) {
  const { rest, spotWs, wsApi, account } = exchange;
  if (name === 'market-data') {
    const addresses = { SIM_REST_URL: rest, SIM_SPOT_WS_URL: spotWs, SIM_WS_API_URL: wsApi };
    return { ...addresses, MARKET_SYMBOLS: ['sim:*', process.env.MARKET_SYMBOLS].filter(Boolean).join(',') };
  }
  if (name === 'execution') {
    const { apiKey, secret } = account;
    const demo = { id: 'demo', label: 'Demo', venue: 'sim', mode: 'demo', rest, spotWs, wsApi, apiKey, secret };
    const vaultKey = createHash('sha256').update(instance.secret('vault')).digest('hex');
    return { VENUE_ACCOUNTS: JSON.stringify([demo, ...ownAccounts()]), VAULT_MASTER_KEYS: vaultKey };
  }
  if (name === 'gateway') {
    const grpc = ports.grpc === undefined ? {} : { GRPC_PORT: String(ports.grpc) };
    return {
      ...grpc,
      PORT: String(ports.gateway),
      SCALPSTORM_SETUP_TOKEN: instance.secret('setup'),
      JWT_SECRET: instance.secret('jwt'),
    };
  }
  if (name === 'kafka-bridge') return kafkaEnvironment();
  if (name === 'strategy') return strategies === undefined ? {} : { STRATEGIES_DIR: strategies };
  if (name === 'research') {
    return { ...researchEnvironment(), ...(strategies !== undefined && { STRATEGIES_DIR: strategies }) };
  }
  if (name === 'inference') return { ...inferenceEnvironment(), PORT: String(ports.inference) };
  return name === 'notifications' ? notificationEnvironment(instance) : {};
}

/**
 * The whole environment of one service.
 * @param {string} name
 * @param {{servers: object, exchange: object, instance: object, namespace: string, strategies?: string,
 *   ports: {gateway: number, grpc?: number, inference: number, operations: Record<string, number>}}} context
 * @returns {Record<string, string>}
 */
export function serviceEnvironment(name, context) {
  const { servers, ports, namespace } = context;
  return {
    ...sharedEnvironment(),
    NODE_COMPILE_CACHE: compileCache,
    SCALPSTORM_NAMESPACE: namespace,
    SCALPSTORM_PARENT: 'stdin',
    HOST: '127.0.0.1',
    OPERATIONS_HOST: '127.0.0.1',
    OPERATIONS_PORT: String(ports.operations[name]),
    NATS_URL: servers.nats.url,
    NATS_USER: servers.nats.user ?? name,
    NATS_PASSWORD: servers.nats.passwords[name],
    POSTGRES_URL: servers.postgres.url,
    REDIS_URL: servers.redis.url,
    ...ownEnvironment(name, context),
  };
}
