import type { Consumer, ConsumerInfo, ConsumerMessages, JetStreamClient, JsMsg } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import { type StreamName, streamIn } from '@scalpstorm/contracts';
import { backoffMs, pause } from './backoff.js';
import type { Delivery } from './delivery.js';
import type { BusMetrics } from './metrics.js';
import type { MessageHeaders } from './tracing.js';

export interface PullerSettings {
  readonly namespace: string;
  readonly stream: StreamName;
  readonly consumer: string;
  /** With messages waiting and none delivered for this long, the consumer is pulled anew. */
  readonly stallMsMax: number;
}

export interface PullerPorts {
  readonly jetstream: JetStreamClient;
  readonly metrics: BusMetrics;
}

const pullMax = 256;
const pullExpiresMs = 10_000;
const findMsMax = 15_000;
const backoff = { firstMs: 50, maxMs: 2_000 };
const nanosPerMilli = 1e6;

/** After these the outstanding pull is gone, and the client would find out only after missed heartbeats. */
const pullIsGone = new Set([
  'no_responders',
  'consumer_deleted',
  'consumer_not_found',
  'stream_not_found',
  'exceeded_limits',
]);

/**
 * Keeps one durable pull consumer delivering. The server bounds what is in flight (max_ack_pending), so a slow handler
 * slows the pull and nothing piles up here. A pull that died without a word is noticed by the messages left waiting.
 */
export class Puller {
  readonly #log = new Logger('bus');
  readonly #stop = new AbortController();
  readonly #name: string;
  #messages: ConsumerMessages | null = null;
  #delivered = 0;
  #lastDeliveryMs = 0;
  #alive = false;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly settings: PullerSettings,
    private readonly ports: PullerPorts,
  ) {
    this.#name = streamIn(settings.namespace, settings.stream);
  }

  /** @throws when the consumer does not exist */
  async find(): Promise<Consumer> {
    const { consumer } = this.settings;
    const until = Date.now() + findMsMax;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.ports.jetstream.consumers.get(this.#name, consumer);
      } catch (cause) {
        if (Date.now() > until || this.#stop.signal.aborted) {
          throw new Error(`no consumer ${consumer} on ${this.#name}: provision the topology first`, { cause });
        }
        await pause(backoffMs(attempt, backoff), this.#stop.signal);
      }
    }
  }

  start(consumer: Consumer, take: (delivery: NatsDelivery) => void): void {
    this.#alive = true;
    this.#ended = Promise.all([this.#keepPulling(consumer, take), this.#keepLooking(consumer)]);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#messages?.stop();
    await this.#ended;
    this.#alive = false;
  }

  /** The server knew the consumer at the last look. */
  get alive(): boolean {
    return this.#alive;
  }

  async #keepPulling(consumer: Consumer, take: (delivery: NatsDelivery) => void): Promise<void> {
    const { signal } = this.#stop;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const before = this.#delivered;
      await this.#pullUntilGone(consumer, take);
      if (this.#delivered > before) attempt = 1;
      await pause(backoffMs(attempt, backoff), signal);
    }
  }

  async #pullUntilGone(consumer: Consumer, take: (delivery: NatsDelivery) => void): Promise<void> {
    try {
      const callback = (message: JsMsg) => {
        this.#delivered += 1;
        this.#lastDeliveryMs = Date.now();
        take(new NatsDelivery(message, this.settings.namespace));
      };
      const messages = await consumer.consume({ bind: true, max_messages: pullMax, expires: pullExpiresMs, callback });
      this.#messages = messages;
      this.#lastDeliveryMs = Date.now();
      if (this.#stop.signal.aborted) return messages.stop();
      for await (const { type } of messages.status()) {
        if (!pullIsGone.has(type)) continue;
        this.#log.warn(`${this.#name}: ${type}: pulling again`);
        messages.stop();
      }
    } catch (cause) {
      this.#log.warn(`${this.#name}: the pull ended: ${cause instanceof Error ? cause.message : cause}`);
    }
  }

  async #keepLooking(consumer: Consumer): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await pause(this.settings.stallMsMax / 2, signal);
      if (!signal.aborted) await this.#look(consumer);
    }
  }

  async #look(consumer: Consumer): Promise<void> {
    const { stream, stallMsMax } = this.settings;
    try {
      const info = await consumer.info();
      this.#alive = true;
      this.ports.metrics.pending.set({ stream }, info.num_pending);
      const full = info.num_ack_pending >= (info.config.max_ack_pending ?? Number.POSITIVE_INFINITY);
      const silentMs = Date.now() - this.#lastDeliveryMs;
      if (info.num_pending === 0 || full || silentMs < stallMsMax) return;
      this.ports.metrics.stalls.inc({ stream });
      this.#log.warn(`${this.#name}: ${info.num_pending} wait and none came for ${silentMs} ms: pulling again`);
      this.#messages?.stop();
    } catch (cause) {
      this.#alive = false;
      this.#log.warn(`${this.#name}: the consumer does not answer: ${cause instanceof Error ? cause.message : cause}`);
    }
  }
}

export const ackWaitMsOf = (info: ConsumerInfo): number =>
  (info.config.ack_wait ?? 30_000 * nanosPerMilli) / nanosPerMilli;

/** A message as JetStream delivers it. */
export class NatsDelivery implements Delivery {
  readonly subject: string;
  readonly deliveries: number;
  readonly streamSequence: number;
  /** Counts every delivery of the consumer, repeated ones too: a missing number is a delivery that never came here. */
  readonly consumerSequence: number;
  /** When the stream stored it, in milliseconds since the epoch. */
  readonly storedAtMs: number;
  #headers: MessageHeaders | null = null;

  constructor(
    private readonly message: JsMsg,
    namespace: string,
  ) {
    this.subject = message.subject.slice(namespace.length + 1);
    this.deliveries = message.info.deliveryCount;
    this.streamSequence = message.info.streamSequence;
    this.consumerSequence = message.info.deliverySequence;
    this.storedAtMs = message.info.timestampNanos / nanosPerMilli;
  }

  get data(): Uint8Array {
    return this.message.data;
  }

  get headers(): MessageHeaders {
    this.#headers ??= plainHeaders(this.message.headers);
    return this.#headers;
  }

  ack(): void {
    this.message.ack();
  }

  nak(delayMs: number): void {
    this.message.nak(delayMs);
  }

  term(): void {
    this.message.term();
  }

  working(): void {
    this.message.working();
  }
}

export function plainHeaders(fields: Iterable<[string, string[]]> | undefined): MessageHeaders {
  const plain: Record<string, string> = {};
  for (const [name, values] of fields ?? []) plain[name] = values[0] ?? '';
  return plain;
}
