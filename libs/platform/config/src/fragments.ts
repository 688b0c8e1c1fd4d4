import { choice, flag, port, postgresUrl, share, text, token, url, wholeNumber } from './parsers.js';
import { secret } from './setting.js';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

const address = () => text({ expected: 'an address to listen on', example: '127.0.0.1', lengthMax: 255 });

/** What every service reads: `z.object({ ...commonEnv, ...natsEnv, MY_SETTING: … })`. */
export const commonEnv = {
  /** Prefixes every subject, stream, key and schema, so that two installations can share their servers. */
  SCALPSTORM_NAMESPACE: token({ example: 'scalpstorm' }).default('scalpstorm'),
  /** Of health and metrics: for operators and never for users, so it is not opened to them together with the public port. */
  OPERATIONS_PORT: port().default(0),
  OPERATIONS_HOST: address().default('127.0.0.1'),
  LOG_LEVEL: choice(logLevels).default('info'),
  /** Where spans are sent; without it none are made, and log lines have their ids all the same. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url({ protocols: ['http', 'https'], example: 'http://127.0.0.1:4318' }).optional(),
  /** Which part of the traces that begin here is recorded. */
  OTEL_TRACES_SAMPLER_ARG: share({ example: '0.1' }).default(1),
  /** Of those that begin here no more are recorded, whatever the load. */
  TRACES_PER_SECOND_MAX: wholeNumber({ min: 1, max: 10_000, example: 50 }).default(50),
  /** Which part of the market events begins a trace; the others are in one only when an order rests on them. */
  TRACE_MARKET_RATIO: share({ example: '0.001' }).default(0),
  /** Neither spans nor ids. */
  OTEL_SDK_DISABLED: flag().default(false),
  /** `off`: nothing is measured, and /metrics is empty. */
  METRICS: choice(['on', 'off']).default('on'),
  /** `stdin`: the process ends when its standard input does, that is, when its parent is gone. */
  SCALPSTORM_PARENT: choice(['stdin']).optional(),
} as const;

/** Of a service that others call over HTTP, besides what all have. */
export const publicEnv = {
  PORT: port().default(0),
  HOST: address().default('127.0.0.1'),
} as const;

export const natsEnv = {
  NATS_URL: url({ protocols: ['nats', 'tls', 'ws', 'wss'], example: 'nats://127.0.0.1:4222' }),
  NATS_USER: text({ expected: "this service's NATS user", example: 'execution', lengthMax: 100 }),
  NATS_PASSWORD: secret(text({ expected: 'the password of NATS_USER', example: 'a-long-random-text' })),
  /** How long an answer is waited for, in milliseconds, where whoever asks does not say otherwise. */
  NATS_ANSWER_MS_MAX: wholeNumber({ min: 500, max: 60_000, example: 2_000 }).default(2_000),
} as const;

export const postgresEnv = {
  POSTGRES_URL: secret(postgresUrl('postgres://user:password@127.0.0.1:5432/scalpstorm')),
  POSTGRES_POOL_MAX: wholeNumber({ min: 2, max: 50, example: 8 }).default(8),
  /** `accept`: starts on tables that a later version has migrated, for the operator who knows that this version may. */
  SCHEMA_NEWER: choice(['refuse', 'accept']).default('refuse'),
} as const;

export const redisEnv = {
  REDIS_URL: secret(url({ protocols: ['redis', 'rediss'], example: 'redis://127.0.0.1:6379' })),
} as const;
