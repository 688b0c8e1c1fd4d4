import { readFileSync } from 'node:fs';
import { ConfigError } from '@scalpstorm/config';
import type { KafkaBridgeEnv } from './config.js';
import { families, familyNames } from './domain/families.js';
import type { BridgeSettings, KafkaConnection } from './ports/settings.js';

const retryFirstMs = 100;
const wrong = (variable: string, fault: string, expected: string): ConfigError =>
  new ConfigError([{ variable, fault, expected, example: '' }]);

/** @throws ConfigError */
export function settingsFrom(env: KafkaBridgeEnv): BridgeSettings {
  return {
    routes: { namespace: env.SCALPSTORM_NAMESPACE, topics: topicsOf(env) },
    connection: {
      brokers: env.KAFKA_BROKERS.split(','),
      clientId: `${env.SCALPSTORM_NAMESPACE}-kafka-bridge`,
      tls: tlsOf(env),
      sasl: saslOf(env),
      compression: env.KAFKA_COMPRESSION,
      requestTimeoutMs: env.KAFKA_REQUEST_TIMEOUT_MS,
    },
    newTopics: env.KAFKA_TOPICS_CREATE
      ? { partitions: env.KAFKA_TOPIC_PARTITIONS, replication: env.KAFKA_TOPIC_REPLICATION }
      : null,
    batch: { messagesMax: env.KAFKA_BATCH_MESSAGES_MAX, bytesMax: env.KAFKA_BATCH_BYTES_MAX },
    messageBytesMax: env.KAFKA_MESSAGE_BYTES_MAX,
    marketWaitingMax: env.KAFKA_MARKET_WAITING_MAX,
    retry: { firstMs: retryFirstMs, maxMs: env.KAFKA_RETRY_LONGEST_MS },
  };
}

function topicsOf(env: KafkaBridgeEnv): Map<string, string> {
  const standard = families.filter(({ byDefault }) => byDefault).map(({ name }) => name);
  const chosen = env.KAFKA_EVENTS?.split(',') ?? standard;
  const given = (env.KAFKA_TOPICS?.split(',') ?? []).map((pair) => pair.split('=', 2));
  const named = new Map(given.map(([name = '', topic = '']) => [name, topic]));
  assertFamilies('KAFKA_EVENTS', chosen);
  assertFamilies('KAFKA_TOPICS', [...named.keys()]);
  const prefix = env.KAFKA_TOPIC_PREFIX ?? `${env.SCALPSTORM_NAMESPACE}.`;
  const topics = new Map(chosen.map((name) => [name, named.get(name) ?? `${prefix}${name}`]));
  if (new Set(topics.values()).size < topics.size) {
    throw wrong('KAFKA_TOPICS', 'gives two families one topic', 'a topic of its own for each family');
  }
  return topics;
}

function assertFamilies(variable: string, names: readonly string[]): void {
  const unknown = names.filter((name) => !familyNames.includes(name));
  if (unknown.length > 0) throw wrong(variable, `names ${unknown.join(', ')}`, `some of ${familyNames.join(', ')}`);
}

function tlsOf(env: KafkaBridgeEnv): KafkaConnection['tls'] {
  const files = {
    KAFKA_CA_FILE: env.KAFKA_CA_FILE,
    KAFKA_CERTIFICATE_FILE: env.KAFKA_CERTIFICATE_FILE,
    KAFKA_CERTIFICATE_KEY_FILE: env.KAFKA_CERTIFICATE_KEY_FILE,
  };
  const given = Object.entries(files).find(([, path]) => path !== undefined);
  if (!env.KAFKA_TLS) {
    if (given !== undefined) throw wrong(given[0], 'is set without KAFKA_TLS', 'KAFKA_TLS=true beside it');
    return null;
  }
  if ((files.KAFKA_CERTIFICATE_FILE === undefined) !== (files.KAFKA_CERTIFICATE_KEY_FILE === undefined)) {
    throw wrong('KAFKA_CERTIFICATE_FILE', 'or its key is missing', 'both or none');
  }
  const pem = (variable: keyof typeof files) => {
    const path = files[variable];
    return path === undefined ? undefined : contentOf(variable, path);
  };
  const [ca, cert, key] = [pem('KAFKA_CA_FILE'), pem('KAFKA_CERTIFICATE_FILE'), pem('KAFKA_CERTIFICATE_KEY_FILE')];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function contentOf(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw wrong(variable, 'cannot be read', 'a file that this process may read');
  }
}

function saslOf(env: KafkaBridgeEnv): KafkaConnection['sasl'] {
  const mechanism = env.KAFKA_SASL_MECHANISM;
  const { KAFKA_SASL_USER: username, KAFKA_SASL_PASSWORD: password } = env;
  if (mechanism === undefined) {
    if (username === undefined && password === undefined) return null;
    throw wrong('KAFKA_SASL_MECHANISM', 'is not set', 'plain, scram-sha-256 or scram-sha-512 beside user and password');
  }
  if (username === undefined) throw wrong('KAFKA_SASL_USER', 'is not set', 'a user beside KAFKA_SASL_MECHANISM');
  if (password === undefined) throw wrong('KAFKA_SASL_PASSWORD', 'is not set', 'the password of KAFKA_SASL_USER');
  if (!env.KAFKA_TLS && !env.KAFKA_SASL_WITHOUT_TLS_ALLOWED) {
    throw wrong('KAFKA_TLS', 'is off while a password is sent', 'true, or KAFKA_SASL_WITHOUT_TLS_ALLOWED=true');
  }
  return { mechanism, username, password };
}
