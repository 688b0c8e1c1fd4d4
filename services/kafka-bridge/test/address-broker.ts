import { randomUUID } from 'node:crypto';
import { type Consumer, Kafka, logLevel } from 'kafkajs';
import type { Seen, TestBroker } from './broker-kinds.js';

const partitions = 3;

/** A running broker, read by an ordinary consumer. */
export class AddressBroker implements TestBroker {
  readonly #seen = new Map<string, Seen[]>();
  readonly #consumers: Consumer[] = [];
  readonly #made: string[] = [];

  private constructor(
    readonly kind: string,
    readonly address: string,
    private readonly kafka: Kafka,
  ) {}

  static open(kind: string, address: string): AddressBroker {
    const retry = { retries: 60, initialRetryTime: 200, maxRetryTime: 1_000 };
    return new AddressBroker(
      kind,
      address,
      new Kafka({ brokers: address.split(','), logLevel: logLevel.NOTHING, retry }),
    );
  }

  async createTopics(topics: readonly string[], { maxMessageBytes = 1_048_588 } = {}): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    const configEntries = [{ name: 'max.message.bytes', value: String(maxMessageBytes) }];
    const wanted = topics.map((topic) => ({ topic, numPartitions: partitions, replicationFactor: 1, configEntries }));
    await admin.createTopics({ topics: wanted, waitForLeaders: true });
    await admin.disconnect();
    this.#made.push(...topics);
    await this.read(topics);
  }

  records(topic: string): readonly Seen[] {
    return this.#seen.get(topic) ?? [];
  }

  /** From the beginning on, everything that is in the topics. */
  async read(topics: readonly string[]): Promise<void> {
    const consumer = this.kafka.consumer({ groupId: `test-${randomUUID()}`, allowAutoTopicCreation: false });
    this.#consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
        const seen = this.#seen.get(topic) ?? [];
        this.#seen.set(topic, seen);
        const offset = Number(message.offset);
        if (seen.some((known) => known.partition === partition && known.offset === offset)) return;
        const value = message.value ?? Buffer.alloc(0);
        seen.push({ partition, offset, key: String(message.key), value, headers: Object.fromEntries(headers) });
      },
    });
  }

  /** Leaves somebody's broker as it was. */
  async close(): Promise<void> {
    await this.endReading();
    const admin = this.kafka.admin();
    await admin.connect();
    if (this.#made.length > 0) await admin.deleteTopics({ topics: this.#made });
    await admin.disconnect();
  }

  async endReading(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.disconnect()));
  }
}
