import { choice, commonEnv, flag, natsEnv, secret, setting, text, wholeNumber } from '@scalpstorm/config';
import { z } from 'zod';
import { familyNames } from './domain/families.js';

const file = (example: string) => text({ expected: 'the path of a PEM file', example });
const word = '[a-z][a-z-]*';
const topic = '[A-Za-z0-9._-]{1,249}';

export const kafkaBridgeEnv = z.object({
  ...commonEnv,
  ...natsEnv,
  KAFKA_BROKERS: setting(z.string().regex(/^[^\s,:/]+:\d{1,5}(,[^\s,:/]+:\d{1,5}){0,31}$/), {
    expected: 'addresses of brokers, separated by commas',
    example: 'kafka-1.example.com:9093,kafka-2.example.com:9093',
  }),
  /** What is carried. Market data may be added; it travels at most once. */
  KAFKA_EVENTS: setting(z.string().regex(new RegExp(`^${word}(,${word})*$`)), {
    expected: `event families, separated by commas: ${familyNames.join(', ')}`,
    example: 'orders,fills,bots',
  }).optional(),
  /** Before the name of the family; the namespace and a dot by default. */
  KAFKA_TOPIC_PREFIX: setting(z.string().regex(/^[A-Za-z0-9._-]{0,100}$/), {
    expected: 'letters, digits, dots, underscores and hyphens',
    example: 'trading.',
  }).optional(),
  /** Instead of prefix and family. */
  KAFKA_TOPICS: setting(z.string().regex(new RegExp(`^${word}=${topic}(,${word}=${topic})*$`)), {
    expected: 'family=topic, separated by commas',
    example: 'orders=trading.orders,fills=trading.fills',
  }).optional(),
  KAFKA_TOPICS_CREATE: flag().default(false),
  KAFKA_TOPIC_PARTITIONS: wholeNumber({ min: 1, max: 1_000, example: 6 }).default(6),
  KAFKA_TOPIC_REPLICATION: wholeNumber({ min: 1, max: 9, example: 3 }).default(3),
  KAFKA_TLS: flag().default(false),
  KAFKA_CA_FILE: file('/etc/ssl/kafka-ca.pem').optional(),
  /** The bridge's own certificate, where brokers ask for one. */
  KAFKA_CERTIFICATE_FILE: file('/etc/ssl/bridge.pem').optional(),
  KAFKA_CERTIFICATE_KEY_FILE: file('/etc/ssl/bridge-key.pem').optional(),
  KAFKA_SASL_MECHANISM: choice(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USER: text({ expected: 'the user of the brokers', example: 'scalpstorm', lengthMax: 200 }).optional(),
  KAFKA_SASL_PASSWORD: secret(
    text({ expected: 'the password of KAFKA_SASL_USER', example: 'a-long-random-text' }),
  ).optional(),
  /** A password then travels unencrypted: for a broker on this machine. */
  KAFKA_SASL_WITHOUT_TLS_ALLOWED: flag().default(false),
  KAFKA_COMPRESSION: choice(['none', 'gzip']).default('none'),
  KAFKA_BATCH_MESSAGES_MAX: wholeNumber({ min: 1, max: 256, example: 200 }).default(200),
  KAFKA_BATCH_BYTES_MAX: wholeNumber({ min: 1_000, max: 8_000_000, example: 512_000 }).default(512_000),
  /** Keep it below the broker's `message.max.bytes`, with room for headers. */
  KAFKA_MESSAGE_BYTES_MAX: wholeNumber({ min: 1_000, max: 8_000_000, example: 1_000_000 }).default(1_000_000),
  KAFKA_REQUEST_TIMEOUT_MS: wholeNumber({ min: 500, max: 120_000, example: 10_000 }).default(10_000),
  KAFKA_RETRY_LONGEST_MS: wholeNumber({ min: 100, max: 120_000, example: 10_000 }).default(10_000),
  /** Market data that waits for Kafka; when one more comes the oldest is dropped and counted. */
  KAFKA_MARKET_WAITING_MAX: wholeNumber({ min: 100, max: 100_000, example: 5_000 }).default(5_000),
});
export type KafkaBridgeEnv = z.infer<typeof kafkaBridgeEnv>;
