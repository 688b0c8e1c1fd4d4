import { Logger } from '@nestjs/common';
import { type StreamName, subjectFilter } from '@scalpstorm/contracts';
import { BrokenInvariant, type Clock, type Timestamp } from '@scalpstorm/kernel';
import { type Backoff, backoffMs, within } from './backoff.js';
import type { DeadLetter, DeadLetterCause, Delivery } from './delivery.js';
import { Lanes } from './lanes.js';
import type { BusMetrics } from './metrics.js';
import type { Outcome } from './outcome.js';
import type { Hearing } from './receiver.js';
import { matches } from './subjects.js';
import { spanned } from './tracing.js';

export interface IntakeSettings {
  readonly stream: StreamName;
  readonly consumer: string;
  /** Failed this often, a message is a dead letter. */
  readonly deliveriesMax: number;
  readonly backoff: Backoff;
  /** How long the server waits for a word about a message before it delivers it again. */
  readonly ackWaitMs: number;
  /** A handler that runs longer is not spoken for any more: then the server may give the message to somebody else. */
  readonly workingMsMax: number;
}

export interface IntakePorts {
  readonly clock: Clock;
  readonly metrics: BusMetrics;
  /** Resolves when the letter is stored. */
  bury(letter: DeadLetter): Promise<void>;
  /** Our own code broke a promise: the process must stop, restart and recover. */
  die(error: BrokenInvariant): void;
}

interface Lane {
  readonly hearing: Hearing;
  readonly pattern: string;
  readonly lanes: Lanes<Held>;
}

interface Held {
  readonly lane: Lane;
  readonly event: unknown;
  readonly receivedAt: Timestamp;
  /** When its handler began; null while it waits for its turn. */
  begunAt: Timestamp | null;
  /** The newest delivery: an older one's acknowledgement would no longer count. */
  delivery: Delivery;
}

interface Parked {
  readonly lane: Lane;
  readonly key: string;
  readonly timer: NodeJS.Timeout;
}

/** Messages handed over and never begun, e.g. behind one that kills the process, are given this many times more chances. */
const unbegunFactor = 4;
const concurrencyDefault = 32;

/**
 * What happens to the messages of one durable consumer between delivery and acknowledgement; knows nothing of NATS, so that
 * the in-memory bus behaves the same. A message that must be repeated holds its key back until it comes again.
 */
export class Intake {
  readonly #log = new Logger('bus');
  readonly #lanes: readonly Lane[];
  readonly #inHand = new Map<number, Held>();
  readonly #parked = new Map<number, Parked>();
  readonly #burials = new Set<Promise<void>>();
  readonly #ticker: NodeJS.Timeout;
  #closed = false;

  constructor(
    hears: readonly Hearing[],
    private readonly settings: IntakeSettings,
    private readonly ports: IntakePorts,
  ) {
    this.#lanes = hears.map((hearing) => {
      const concurrency = hearing.options.concurrency ?? concurrencyDefault;
      const lane: Lane = {
        hearing,
        pattern: subjectFilter(hearing.contract.subject),
        lanes: new Lanes(concurrency, (held, key) => this.#handle(held, key)),
      };
      return lane;
    });
    this.#ticker = setInterval(() => this.#stillWorking(), settings.ackWaitMs / 3);
  }

  take(delivery: Delivery): void {
    if (this.#closed) {
      delivery.nak(0);
      return;
    }
    const { metrics } = this.ports;
    const { stream } = this.settings;
    if (delivery.deliveries > 1) metrics.redelivered.inc({ stream });
    const known = this.#inHand.get(delivery.streamSequence);
    if (known !== undefined) {
      known.delivery = delivery;
      return;
    }
    const lane = this.#lanes.find(({ pattern }) => matches(pattern, delivery.subject));
    if (lane === undefined) {
      metrics.handled.inc({ message: 'unknown', outcome: 'unheard' });
      delivery.ack();
      return;
    }
    const held = this.#open(lane, delivery);
    if (held !== null) this.#admit(held);
  }

  /** Lets what runs finish within the time; gives back what was not begun. */
  async drain(withinMs: number): Promise<void> {
    this.#closed = true;
    const waiting = this.#lanes.flatMap(({ lanes }) => lanes.close());
    waiting.sort((a, b) => a.delivery.streamSequence - b.delivery.streamSequence);
    for (const { delivery } of waiting) {
      this.#inHand.delete(delivery.streamSequence);
      delivery.nak(0);
    }
    for (const { timer } of this.#parked.values()) clearTimeout(timer);
    this.#parked.clear();
    const idle = Promise.all([...this.#lanes.map(({ lanes }) => lanes.idle()), ...this.#burials]);
    const finished = await within(withinMs, idle);
    if (!finished) this.#log.warn(`${this.#inHand.size} handlers of ${this.settings.stream} did not finish in time`);
    clearInterval(this.#ticker);
  }

  get inHand(): number {
    return this.#inHand.size;
  }

  /** How long the slowest handler has been running, in milliseconds. */
  slowestMs(): number {
    const now = this.ports.clock.now();
    let slowest = 0;
    for (const { begunAt } of this.#inHand.values()) if (begunAt !== null) slowest = Math.max(slowest, now - begunAt);
    return slowest / 1000;
  }

  #open(lane: Lane, delivery: Delivery): Held | null {
    try {
      const event = lane.hearing.contract.decode(delivery.data);
      return { lane, event, delivery, receivedAt: this.ports.clock.now(), begunAt: null };
    } catch (cause) {
      this.#releaseParked(delivery.streamSequence);
      this.#burying(delivery, 'unreadable', messageOf(cause));
      return null;
    }
  }

  #admit(held: Held): void {
    const { delivery } = held;
    const { stream, deliveriesMax } = this.settings;
    this.#inHand.set(delivery.streamSequence, held);
    this.ports.metrics.inHand.set({ stream }, this.#inHand.size);
    if (delivery.deliveries > deliveriesMax * unbegunFactor) {
      this.#burying(delivery, 'exhausted', 'delivered again and again without ever being handled');
    } else {
      this.#enqueue(held);
    }
  }

  #enqueue(held: Held): void {
    const { lane, delivery } = held;
    const parked = this.#parked.get(delivery.streamSequence);
    if (parked !== undefined) {
      clearTimeout(parked.timer);
      this.#parked.delete(delivery.streamSequence);
      lane.lanes.release(parked.key, held);
      return;
    }
    lane.lanes.add(lane.hearing.options.keyOf?.(held.event) ?? delivery.subject, held);
  }

  async #handle(held: Held, key: string): Promise<void> {
    const { contract } = held.lane.hearing;
    const started = performance.now();
    held.begunAt = this.ports.clock.now();
    const outcome = await this.#outcomeOf(held);
    this.ports.metrics.handlerSeconds.observe({ message: contract.name }, (performance.now() - started) / 1000);
    this.ports.metrics.handled.inc({ message: contract.name, outcome: outcome.kind });
    const { delivery } = held;
    switch (outcome.kind) {
      case 'done':
        this.#letGo(delivery);
        return delivery.ack();
      case 'poison':
        return this.#bury(delivery, 'poison', outcome.reason, key);
      case 'retry':
        this.#log.warn(
          `${contract.name} #${delivery.streamSequence} again (${delivery.deliveries}): ${outcome.reason}`,
        );
        if (delivery.deliveries >= this.settings.deliveriesMax) {
          return this.#bury(delivery, 'exhausted', outcome.reason, key);
        }
        return this.#again(held, key, outcome.delayMs);
      case 'broken':
        await this.#survive(held, key, outcome.error);
        return this.ports.die(outcome.error);
    }
  }

  async #outcomeOf(held: Held): Promise<Outcome | { kind: 'broken'; error: BrokenInvariant }> {
    const { hearing } = held.lane;
    const { delivery, receivedAt } = held;
    const { subject, deliveries, streamSequence, headers } = delivery;
    const traceparent = headers['traceparent'] ?? null;
    const context = { subject, deliveries, streamSequence, receivedAt, traceparent };
    const attributes = {
      'messaging.destination.name': subject,
      'messaging.consumer.group.name': this.settings.consumer,
      'messaging.message.id': headers['Nats-Msg-Id'] ?? '',
    };
    try {
      const work = () => hearing.handle(held.event, context);
      return await spanned('process', { template: hearing.contract.subject, attributes }, work, headers);
    } catch (cause) {
      if (cause instanceof BrokenInvariant) return { kind: 'broken', error: cause };
      return { kind: 'retry', reason: `the handler threw: ${messageOf(cause)}` };
    }
  }

  /** A message that breaks an invariant every time must not keep the service from ever starting. */
  async #survive(held: Held, key: string, error: BrokenInvariant): Promise<void> {
    const { delivery } = held;
    if (delivery.deliveries >= this.settings.deliveriesMax) {
      return this.#bury(delivery, 'exhausted', `broken invariant: ${error.message}`, key);
    }
    this.#again(held, key);
  }

  #again({ lane, delivery }: Held, key: string, delayMs?: number): void {
    const wait = delayMs ?? backoffMs(delivery.deliveries, this.settings.backoff);
    this.#park(lane, key, delivery.streamSequence, wait);
    this.#letGo(delivery);
    delivery.nak(wait);
  }

  /** The key goes on without the message when it never comes back: the stream was purged, or another process has it. */
  #park(lane: Lane, key: string, sequence: number, waitMs: number): void {
    if (this.#closed) return;
    lane.lanes.hold(key);
    const release = () => this.#releaseParked(sequence);
    const timer = setTimeout(release, waitMs + 3 * this.settings.ackWaitMs);
    this.#parked.set(sequence, { lane, key, timer });
  }

  #releaseParked(sequence: number): void {
    const parked = this.#parked.get(sequence);
    if (parked === undefined) return;
    clearTimeout(parked.timer);
    this.#parked.delete(sequence);
    parked.lane.lanes.release(parked.key);
  }

  #burying(delivery: Delivery, cause: DeadLetterCause, reason: string): void {
    const burial = this.#bury(delivery, cause, reason).finally(() => this.#burials.delete(burial));
    this.#burials.add(burial);
  }

  /** Terminated only after the letter is stored; until then it comes again. */
  async #bury(delivery: Delivery, cause: DeadLetterCause, reason: string, key?: string): Promise<void> {
    const { stream, consumer, backoff } = this.settings;
    this.#log.error(`dead letter: ${stream} #${delivery.streamSequence} ${delivery.subject}: ${cause}: ${reason}`);
    const held = this.#inHand.get(delivery.streamSequence);
    try {
      await this.ports.bury({ cause, reason, stream, consumer, delivery });
      (held?.delivery ?? delivery).term();
      this.ports.metrics.deadLetters.inc({ stream, cause });
      this.#releaseParked(delivery.streamSequence);
    } catch (failure) {
      this.#log.error(`the dead letter was not stored and comes again: ${messageOf(failure)}`);
      const wait = backoffMs(delivery.deliveries, backoff);
      if (held !== undefined && key !== undefined) this.#park(held.lane, key, delivery.streamSequence, wait);
      (held?.delivery ?? delivery).nak(wait);
    }
    this.#letGo(delivery);
  }

  #letGo({ streamSequence }: Delivery): void {
    this.#inHand.delete(streamSequence);
    this.ports.metrics.inHand.set({ stream: this.settings.stream }, this.#inHand.size);
  }

  #stillWorking(): void {
    const now = this.ports.clock.now();
    for (const { delivery, begunAt } of this.#inHand.values()) {
      if (begunAt === null || now - begunAt < this.settings.workingMsMax * 1000) delivery.working();
    }
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
