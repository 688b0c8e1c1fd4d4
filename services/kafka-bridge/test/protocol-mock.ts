import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Seen, StoppableBroker } from './broker-kinds.js';

/** What we use of kafkajs' own reader and writer of the wire format. */
interface Decoder {
  readInt8(): number;
  readInt16(): number;
  readInt32(): number;
  readString(): string;
  readBoolean(): boolean;
  readBytes(length?: number): Buffer | null;
  readArray<T>(read: (decoder: Decoder) => T): T[];
}
interface Encoder {
  readonly buffer: Buffer;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeInt64(value: number): Encoder;
  writeString(value: string | null): Encoder;
  writeBoolean(value: boolean): Encoder;
  writeArray(items: readonly (Encoder | number)[]): Encoder;
  writeEncoder(other: Encoder): Encoder;
}
interface WireRecord {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, Buffer>>;
}

const require = createRequire(import.meta.url);
const DecoderOf = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;
const EncoderOf = require('kafkajs/src/protocol/encoder') as new () => Encoder;
const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: Decoder,
) => Promise<{ readonly records: readonly WireRecord[] }>;

const partitions = 3;
const apis = { produce: 0, metadata: 3, versions: 18 } as const;
const versions: readonly (readonly [key: number, min: number, max: number])[] = [
  [apis.produce, 3, 7],
  [apis.metadata, 4, 6],
  [apis.versions, 0, 2],
];
const faults = { none: 0, unknownTopic: 3, messageTooLarge: 10 } as const;

interface Topic {
  readonly maxMessageBytes: number;
  readonly records: Seen[];
  readonly nextOffsets: number[];
}

/**
 * NOT Kafka: one process that speaks as much of the protocol as a producer needs (ApiVersions, Metadata, Produce) and keeps the
 * records in memory. It knows no replicas, no restart from a disk and no quotas.
 */
export class ProtocolMock implements StoppableBroker {
  readonly kind = 'a mock of the Kafka protocol';
  /** Takes records and keeps silent about it, as a broker does whose answer is lost. */
  silent = false;
  readonly #topics = new Map<string, Topic>();
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;

  static async open(): Promise<ProtocolMock> {
    const mock = new ProtocolMock();
    await mock.start();
    return mock;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async createTopics(topics: readonly string[], { maxMessageBytes = 1_048_588 } = {}): Promise<void> {
    for (const topic of topics) {
      this.#topics.set(topic, { maxMessageBytes, records: [], nextOffsets: Array(partitions).fill(0) });
    }
  }

  records(topic: string): readonly Seen[] {
    return this.#topics.get(topic)?.records ?? [];
  }

  async start(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  close(): Promise<void> {
    return this.stop();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let received: Buffer = Buffer.alloc(0);
    let answered: Promise<void> = Promise.resolve();
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, Buffer.from(chunk)]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0);
        const request = received.subarray(4, end);
        received = received.subarray(end);
        // In the order of the requests, as a broker answers.
        answered = answered.then(() => this.#answer(request, socket));
      }
    });
  }

  async #answer(request: Buffer, socket: Socket): Promise<void> {
    const decoder = new DecoderOf(request);
    const api = decoder.readInt16();
    decoder.readInt16();
    const correlation = decoder.readInt32();
    decoder.readString();
    const body = await this.#bodyOf(api, decoder);
    if (body === null) return;
    const answer = new EncoderOf().writeInt32(correlation).writeEncoder(body).buffer;
    const size = Buffer.alloc(4);
    size.writeInt32BE(answer.length);
    socket.write(Buffer.concat([size, answer]));
  }

  async #bodyOf(api: number, decoder: Decoder): Promise<Encoder | null> {
    if (api === apis.versions) {
      const known = versions.map((one) => one.reduce((encoder, value) => encoder.writeInt16(value), new EncoderOf()));
      return new EncoderOf().writeInt16(faults.none).writeArray(known).writeInt32(0);
    }
    if (api === apis.metadata) return this.#metadata(decoder.readArray((one) => one.readString()));
    if (api === apis.produce) return this.#produce(decoder);
    throw new Error(`the mock does not speak API ${api}`);
  }

  #metadata(topics: readonly string[]): Encoder {
    const broker = new EncoderOf().writeInt32(1).writeString('127.0.0.1').writeInt32(this.#port).writeString(null);
    const described = topics.map((topic) => {
      const known = this.#topics.has(topic);
      const parts = Array.from({ length: known ? partitions : 0 }, (_, id) =>
        new EncoderOf().writeInt16(0).writeInt32(id).writeInt32(1).writeArray([1]).writeArray([1]).writeArray([]),
      );
      const fault = known ? faults.none : faults.unknownTopic;
      return new EncoderOf().writeInt16(fault).writeString(topic).writeBoolean(false).writeArray(parts);
    });
    return new EncoderOf().writeInt32(0).writeArray([broker]).writeString('mock').writeInt32(1).writeArray(described);
  }

  async #produce(decoder: Decoder): Promise<Encoder | null> {
    decoder.readString();
    decoder.readInt16();
    decoder.readInt32();
    const sent = decoder.readArray((one) => ({
      name: one.readString(),
      parts: one.readArray((part) => ({ id: part.readInt32(), batch: part.readBytes() ?? Buffer.alloc(0) })),
    }));
    const answers: Encoder[] = [];
    for (const { name, parts } of sent) {
      const answered: Encoder[] = [];
      for (const { id, batch } of parts) {
        const fault = await this.#append(name, id, batch);
        const at = new EncoderOf().writeInt32(id).writeInt16(fault);
        answered.push(at.writeInt64(0).writeInt64(-1).writeInt64(0));
      }
      answers.push(new EncoderOf().writeString(name).writeArray(answered));
    }
    return this.silent ? null : new EncoderOf().writeArray(answers).writeInt32(0);
  }

  async #append(name: string, partition: number, batch: Buffer): Promise<number> {
    const topic = this.#topics.get(name);
    if (topic === undefined) return faults.unknownTopic;
    if (batch.length > topic.maxMessageBytes) return faults.messageTooLarge;
    const { records } = await decodeBatch(new DecoderOf(batch));
    for (const { key, value, headers } of records) {
      const offset = topic.nextOffsets[partition] ?? 0;
      topic.nextOffsets[partition] = offset + 1;
      const texts = Object.entries(headers).map(([header, text]) => [header, String(text)]);
      topic.records.push({ partition, offset, key: String(key), value, headers: Object.fromEntries(texts) });
    }
    return faults.none;
  }
}
