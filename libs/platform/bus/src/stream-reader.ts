import type { Consumer } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import type { Speaker, StreamName } from '@scalpstorm/contracts';
import { pause, within } from './backoff.js';
import type { DeadLetter } from './delivery.js';
import type { BusMetrics } from './metrics.js';
import { ackWaitMsOf, type NatsDelivery, type Puller } from './puller.js';
import type { MessageHeaders } from './tracing.js';

/** One message of a stream, as it was stored. */
export interface ReadMessage {
  /** Without the namespace. */
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MessageHeaders;
  readonly streamSequence: number;
  /** When the stream stored it, in milliseconds since the epoch. */
  readonly storedAtMs: number;
}

export interface BatchLimits {
  readonly messagesMax: number;
  /** Of payload. A single message may have more and comes alone. */
  readonly bytesMax: number;
}

/** Opens the readers of this speaker. */
export abstract class StreamReaders {
  /** @throws when the consumer does not exist */
  abstract read(stream: StreamName): Promise<StreamReader>;
}

interface ReaderPorts {
  readonly puller: Puller;
  readonly consumer: Consumer;
  readonly metrics: BusMetrics;
  bury(letter: DeadLetter): Promise<void>;
}

const standByMs = 1_000;
const settleEveryMs = 200;

/**
 * The messages of one durable consumer in the order of the stream, across a crash too: what the process before had in hand
 * when it died comes before anything newer. At least once. What is in hand is bounded by the consumer's `ackPendingMax`.
 * Only one process at a time keeps the order, so a second one stands by as long as it sees the first.
 */
export class StreamReader {
  readonly stream: StreamName;
  readonly #log = new Logger('bus');
  readonly #stop = new AbortController();
  /** Ascending, and complete only while settled. */
  readonly #waiting: NatsDelivery[] = [];
  readonly #taken = new Map<number, NatsDelivery>();
  #ticker: NodeJS.Timeout | null = null;
  #lastDelivery = 0;
  #settled = false;
  #begun = false;
  #wake: () => void = () => {};

  constructor(
    private readonly settings: { readonly stream: StreamName; readonly speaker: Speaker },
    private readonly ports: ReaderPorts,
  ) {
    this.stream = settings.stream;
  }

  /** Resolves when messages come here, which is not before the process that read until now is gone, or when stopped. */
  async begin(): Promise<void> {
    const { consumer, puller } = this.ports;
    for (;;) {
      if (this.#stop.signal.aborted) return;
      const info = await consumer.info();
      if (info.num_waiting === 0) {
        this.#lastDelivery = info.delivered.consumer_seq;
        this.#ticker = setInterval(() => this.#stillWorking(), ackWaitMsOf(info) / 3);
        break;
      }
      await pause(standByMs, this.#stop.signal);
    }
    this.#begun = true;
    puller.start(consumer, (delivery) => this.#hear(delivery));
    void this.#settle();
  }

  /** False while another process reads, or the server does not answer for the consumer. */
  get reading(): boolean {
    return this.#begun && this.ports.puller.alive;
  }

  /** How many messages are here and not yet acknowledged. */
  get inHand(): number {
    return this.#waiting.length + this.#taken.size;
  }

  /** When the oldest message here was stored, in milliseconds since the epoch; null when there is none. */
  get oldestStoredAtMs(): number | null {
    const [first] = this.#taken.size > 0 ? this.#taken.values() : this.#waiting;
    return first?.storedAtMs ?? null;
  }

  /** How many messages wait at the server and here. @throws when the server does not answer */
  async behind(): Promise<number> {
    const info = await this.ports.consumer.info();
    return info.num_pending + info.num_ack_pending;
  }

  /**
   * The next messages, waiting for the first; empty when stopped. The batch before must be finished: every message of it
   * was given to {@link done} or {@link bury}.
   */
  async next({ messagesMax, bytesMax }: BatchLimits): Promise<readonly ReadMessage[]> {
    while (!this.#stop.signal.aborted && !(this.#settled && this.#waiting.length > 0)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#stop.signal.aborted) return [];
    let bytes = 0;
    let count = 0;
    for (const { data } of this.#waiting) {
      bytes += data.length;
      if (count === messagesMax || (count > 0 && bytes > bytesMax)) break;
      count += 1;
    }
    const batch = this.#waiting.splice(0, count);
    for (const delivery of batch) this.#taken.set(delivery.streamSequence, delivery);
    this.#count();
    return batch;
  }

  done(messages: readonly ReadMessage[]): void {
    for (const { streamSequence } of messages) {
      this.#taken.get(streamSequence)?.ack();
      this.#taken.delete(streamSequence);
    }
    this.#count();
  }

  /** Keeps it whole, with the reason, in DEAD_LETTERS. @throws when it could not be stored there */
  async bury({ streamSequence }: ReadMessage, reason: string): Promise<void> {
    const delivery = this.#taken.get(streamSequence);
    if (delivery === undefined) return;
    const { stream, speaker } = this.settings;
    this.#log.error(`dead letter: ${stream} #${streamSequence} ${delivery.subject}: poison: ${reason}`);
    const { deliveries } = delivery;
    await this.ports.bury({ cause: 'poison', reason, stream, consumer: speaker, delivery, deliveries });
    delivery.term();
    this.ports.metrics.deadLetters.inc({ stream, cause: 'poison' });
    this.#taken.delete(streamSequence);
    this.#count();
  }

  /** Gives back what was not finished, in order. */
  async stop(withinMs: number): Promise<void> {
    this.#stop.abort();
    this.#wake();
    if (this.#ticker !== null) clearInterval(this.#ticker);
    if (this.#begun) await within(withinMs, this.ports.puller.stop());
    for (const delivery of [...this.#taken.values(), ...this.#waiting]) delivery.nak(0);
    this.#taken.clear();
    this.#waiting.length = 0;
  }

  #hear(delivery: NatsDelivery): void {
    const { streamSequence, consumerSequence } = delivery;
    if (this.#stop.signal.aborted) {
      delivery.nak(0);
      return;
    }
    // A delivery was lost on its way, as when the connection breaks: it comes again, and nothing newer may pass it.
    if (consumerSequence > this.#lastDelivery + 1 && this.#settled) void this.#settle();
    this.#lastDelivery = Math.max(this.#lastDelivery, consumerSequence);
    if (delivery.deliveries > 1) this.ports.metrics.redelivered.inc({ stream: this.stream });
    if (this.#taken.has(streamSequence)) this.#taken.set(streamSequence, delivery);
    else this.#insert(delivery);
    this.#count();
    if (this.#settled) this.#wake();
  }

  #insert(delivery: NatsDelivery): void {
    const waiting = this.#waiting;
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1]?.streamSequence ?? 0) > delivery.streamSequence) at -= 1;
    const same = waiting[at - 1]?.streamSequence === delivery.streamSequence;
    waiting.splice(same ? at - 1 : at, same ? 1 : 0, delivery);
  }

  /** Hands nothing out until everything that the server counts as delivered is here. */
  async #settle(): Promise<void> {
    this.#settled = false;
    while (!this.#stop.signal.aborted) {
      if (await this.#isComplete()) break;
      await pause(settleEveryMs, this.#stop.signal);
    }
    this.#settled = true;
    this.#wake();
  }

  async #isComplete(): Promise<boolean> {
    // An acknowledgement on its way would make the server's number smaller than what it stands for.
    if (this.#taken.size > 0) return false;
    const before = this.#waiting.length;
    try {
      const info = await this.ports.consumer.info();
      return info.num_ack_pending <= before;
    } catch {
      // The server does not answer, which the puller says; it is asked again.
      return false;
    }
  }

  #stillWorking(): void {
    for (const delivery of [...this.#taken.values(), ...this.#waiting]) delivery.working();
  }

  #count(): void {
    this.ports.metrics.inHand.set({ stream: this.stream }, this.inHand);
  }
}
