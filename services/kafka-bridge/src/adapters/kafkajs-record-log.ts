import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@scalpstorm/observability';
import {
  type Admin,
  CompressionTypes,
  Kafka,
  type KafkaConfig,
  logLevel,
  type Message,
  Partitioners,
  type Producer,
} from 'kafkajs';
import type { OutgoingRecord } from '../domain/translate.js';
import { RecordLog } from '../ports/record-log.js';
import type { KafkaConnection } from '../ports/settings.js';
import { produceFailed } from './kafkajs-failure.js';

/** Within one attempt, for a leader that has just moved; everything longer is waited out by whoever produces. */
const innerRetry = { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 };
const connectionTimeoutMs = 5_000;
const everyReplica = -1;
const closeMsMax = 500;

/**
 * Records over kafkajs, acknowledged by all in-sync replicas. Its idempotent producer is not used: after an attempt of unknown
 * outcome it gives the same sequence numbers to whatever is sent next, so a broker could take other records for a repetition
 * and drop them, and it asks for unlimited retries. A repetition is told by `ce_id` instead.
 */
export class KafkajsRecordLog extends RecordLog {
  readonly #kafka: Kafka;
  readonly #producer: Producer;
  #connected: Promise<void> | null = null;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly newTopics: { readonly partitions: number; readonly replication: number } | null,
    log: Log,
  ) {
    super();
    this.#kafka = new Kafka(configOf(connection, log));
    this.#producer = this.#kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      idempotent: false,
      retry: innerRetry,
    });
  }

  async produce(records: readonly OutgoingRecord[]): Promise<void> {
    const { requestTimeoutMs, compression } = this.connection;
    const byTopic = Map.groupBy(records, ({ topic }) => topic);
    try {
      await this.#connect();
      await this.#producer.sendBatch({
        acks: everyReplica,
        timeout: requestTimeoutMs,
        compression: compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
        topicMessages: [...byTopic].map(([topic, some]) => ({ topic, messages: some.map(messageOf) })),
      });
    } catch (error) {
      throw produceFailed(error);
    }
  }

  async createTopics(topics: readonly string[]): Promise<void> {
    if (this.newTopics === null) return;
    const { partitions: numPartitions, replication: replicationFactor } = this.newTopics;
    const admin: Admin = this.#kafka.admin({ retry: innerRetry });
    try {
      await admin.connect();
      const known = new Set(await admin.listTopics());
      const missing = topics.filter((topic) => !known.has(topic));
      const wanted = missing.map((topic) => ({ topic, numPartitions, replicationFactor }));
      if (wanted.length > 0) await admin.createTopics({ topics: wanted, waitForLeaders: true });
    } catch (error) {
      throw produceFailed(error);
    } finally {
      await admin.disconnect();
    }
  }

  /** Within a bound, because kafkajs waits for answers that may never come. */
  async close(): Promise<void> {
    await Promise.race([this.#producer.disconnect(), wait(closeMsMax, undefined, { ref: false })]);
  }

  async #connect(): Promise<void> {
    this.#connected ??= this.#producer.connect();
    const connecting = this.#connected;
    try {
      await connecting;
    } catch (error) {
      if (this.#connected === connecting) this.#connected = null;
      throw error;
    }
  }
}

function messageOf({ key, value, headers, timestampMs }: OutgoingRecord): Message {
  // The same memory: a batch is copied once, into the request.
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return { key, value: bytes, headers: { ...headers }, timestamp: String(timestampMs) };
}

function configOf({ brokers, clientId, tls, sasl, requestTimeoutMs }: KafkaConnection, log: Log): KafkaConfig {
  return {
    clientId,
    brokers: [...brokers],
    ...(tls === null ? {} : { ssl: { ...tls } }),
    ...(sasl === null ? {} : { sasl: saslOf(sasl) }),
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: innerRetry,
    logLevel: logLevel.WARN,
    // What goes wrong is told once, by whoever waits for it; these lines are for somebody who looks closer.
    logCreator:
      () =>
      ({ namespace, log: { message } }) =>
        log.debug({ namespace }, `kafkajs: ${message}`),
  };
}

/** Written out, because the type ties the fields to one mechanism. */
function saslOf({ mechanism, username, password }: NonNullable<KafkaConnection['sasl']>): KafkaConfig['sasl'] {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}
