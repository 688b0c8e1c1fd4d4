import { type ConsumerSpec, type Speaker, type StreamName, topology, withSpeaker } from '@scalpstorm/contracts';
import { assert } from '@scalpstorm/kernel';
import type { Sent } from '../bus.js';
import type { Outgoing } from '../carried-bus.js';
import type { Delivery } from '../delivery.js';
import { matches } from '../subjects.js';
import type { MessageHeaders } from '../tracing.js';

/** A message as a stream keeps it. */
export interface StoredMessage {
  readonly stream: StreamName;
  /** Without the namespace. */
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly headers: MessageHeaders;
  /** From 1, in its stream. */
  readonly sequence: number;
}

interface Subscription {
  readonly pattern: string;
  /** Of those with the same group, one gets the message. */
  readonly group: string | null;
  hear(message: CoreMessage): void;
}

export interface CoreMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MessageHeaders;
  reply(payload: Uint8Array, headers: MessageHeaders): void;
}

interface Consumer {
  readonly spec: ConsumerSpec;
  /** The next sequence to look at. */
  next: number;
  readonly unacknowledged: Map<number, { readonly message: StoredMessage; deliveries: number }>;
  take: ((delivery: Delivery) => void) | null;
}

/** One NATS server in memory with the platform's streams and durable consumers; every speaker of a test shares it. */
export class MemoryBroker {
  readonly #stored: StoredMessage[] = [];
  readonly #ids = new Map<string, number>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #consumers: Consumer[] = topology.consumers.map((spec) => ({
    spec,
    next: 1,
    unacknowledged: new Map(),
    take: null,
  }));
  readonly #timers = new Set<NodeJS.Timeout>();

  /** What a stream holds, in order. */
  stored(stream: StreamName): readonly StoredMessage[] {
    return this.#stored.filter((message) => message.stream === stream);
  }

  publish(speaker: Speaker, { subject, payload, headers }: Outgoing): void {
    const full = withSpeaker(subject, speaker);
    // A real server never calls back inside publish, and code that relies on that would fail there.
    setImmediate(() => this.#fanOut({ subject: full, data: payload, headers, reply: () => {} }));
  }

  /** @returns false when nobody is there to answer */
  request(speaker: Speaker, { subject, payload, headers }: Outgoing, reply: CoreMessage['reply']): boolean {
    const full = withSpeaker(subject, speaker);
    if (![...this.#subscriptions].some(({ pattern }) => matches(pattern, full))) return false;
    setImmediate(() => this.#fanOut({ subject: full, data: payload, headers, reply }));
    return true;
  }

  subscribe(subscription: Subscription): () => void {
    this.#subscriptions.add(subscription);
    return () => this.#subscriptions.delete(subscription);
  }

  store(speaker: Speaker, { subject, payload, headers }: Outgoing, messageId: string): Sent | null {
    const full = withSpeaker(subject, speaker);
    const spec = topology.streams.find(({ subjects }) => subjects.some((pattern) => matches(pattern, full)));
    if (spec === undefined) return null;
    const id = `${spec.name} ${messageId}`;
    const first = this.#ids.get(id);
    if (first !== undefined) return { duplicate: true, first };
    const sequence = this.stored(spec.name).length + 1;
    this.#ids.set(id, sequence);
    const kept = { ...headers, 'Nats-Msg-Id': messageId };
    this.#stored.push({ stream: spec.name, subject: full, payload, headers: kept, sequence });
    setImmediate(() => this.#deliverAll(spec.name));
    return { duplicate: false };
  }

  /** Delivers what waits, now and later, until the returned function is called; then the unacknowledged waits again. */
  consume(speaker: Speaker, stream: StreamName, take: (delivery: Delivery) => void): () => void {
    const consumer = this.#consumers.find(({ spec }) => spec.speaker === speaker && spec.stream === stream);
    assert(consumer !== undefined, `the topology gives ${speaker} no consumer on ${stream}`);
    consumer.take = take;
    for (const sequence of [...consumer.unacknowledged.keys()].sort((a, b) => a - b))
      this.#again(consumer, sequence, 0);
    setImmediate(() => this.#deliverAll(stream));
    return () => {
      consumer.take = null;
    };
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#subscriptions.clear();
    for (const consumer of this.#consumers) consumer.take = null;
  }

  #fanOut(message: CoreMessage): void {
    const { subject } = message;
    const groups = new Set<string>();
    for (const { pattern, group, hear } of this.#subscriptions) {
      if (!matches(pattern, subject) || (group !== null && groups.has(`${group} ${pattern}`))) continue;
      if (group !== null) groups.add(`${group} ${pattern}`);
      hear(message);
    }
  }

  #deliverAll(stream: StreamName): void {
    const messages = this.stored(stream);
    for (const consumer of this.#consumers.filter(({ spec }) => spec.stream === stream)) {
      const { filters, ackPendingMax } = consumer.spec;
      while (consumer.take !== null && consumer.unacknowledged.size < ackPendingMax) {
        const message = messages[consumer.next - 1];
        if (message === undefined) break;
        consumer.next += 1;
        if (filters.length > 0 && !filters.some((pattern) => matches(pattern, message.subject))) continue;
        consumer.unacknowledged.set(message.sequence, { message, deliveries: 0 });
        this.#deliver(consumer, message.sequence);
      }
    }
  }

  #deliver(consumer: Consumer, sequence: number): void {
    const waiting = consumer.unacknowledged.get(sequence);
    if (waiting === undefined || consumer.take === null) return;
    waiting.deliveries += 1;
    const { message, deliveries } = waiting;
    const end = () => {
      consumer.unacknowledged.delete(sequence);
      setImmediate(() => this.#deliverAll(consumer.spec.stream));
    };
    consumer.take({
      subject: message.subject,
      data: message.payload,
      headers: message.headers,
      deliveries,
      streamSequence: sequence,
      ack: end,
      term: end,
      nak: (delayMs) => this.#again(consumer, sequence, delayMs),
      working: () => {},
    });
  }

  #again(consumer: Consumer, sequence: number, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#deliver(consumer, sequence);
    }, delayMs);
    this.#timers.add(timer);
  }
}
