import { Logger } from '@nestjs/common';
import { type StreamName, subjectFilter } from '@scalpstorm/contracts';
import { BrokenInvariant, type Clock } from '@scalpstorm/kernel';
import { aboutOf } from './about.js';
import { type Backoff, backoffMs, within } from './backoff.js';
import type { DeadLetter, DeadLetterCause, Delivery } from './delivery.js';
import { type Dying, type Handled, type Held, type Lane, type Retry, timesHandedOver } from './held.js';
import { Lanes } from './lanes.js';
import type { BusMetrics } from './metrics.js';
import { Parking } from './parking.js';
import { Patience } from './patience.js';
import type { Hearing } from './receiver.js';
import { matches } from './subjects.js';
import { asCarried, spanned } from './tracing.js';
import { isWeather } from './weather.js';

export interface IntakeSettings {
  readonly stream: StreamName;
  readonly consumer: string;
  /** Failed this often for no outside reason, a message is a dead letter. */
  readonly deliveriesMax: number;
  readonly backoff: Backoff;
  /** Between two attempts while the weather is bad. */
  readonly weatherBackoff: Backoff;
  /** How long the stream keeps a message; nobody waits longer for better weather. */
  readonly ageMsMax: number;
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

/** Messages handed over and never begun, e.g. behind one that kills the process, are given this many times more chances. */
const unbegunFactor = 4;
const concurrencyDefault = 32;
/** A handler may ask for a longer pause than the usual one, not for any. */
const delayMsMax = 60_000;
/** A wait that a handler asked for with its pause is an everyday one for so long. */
const expectedMsMax = 30_000;

/**
 * What happens to the messages of one durable consumer between delivery and acknowledgement; knows nothing of NATS, so that
 * the in-memory bus behaves the same. A message that must be repeated holds its key back. Weather is waited out here, with
 * the message pending at the server; a failure that nothing explains is given back and counted by the server, so that the
 * count survives a crash.
 */
export class Intake {
  readonly #log = new Logger('bus');
  readonly #lanes: readonly Lane[];
  readonly #inHand = new Map<number, Held>();
  readonly #parking = new Parking<Held>();
  readonly #patience = new Patience<Held>();
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
        lanes: new Lanes(concurrency, (held, key) =>
          asCarried(held.delivery.headers, held.about, () => this.#handle(held, key)),
        ),
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
    const waiting = [...this.#patience.close(), ...this.#lanes.flatMap(({ lanes }) => lanes.close())];
    waiting.sort((a, b) => a.delivery.streamSequence - b.delivery.streamSequence);
    for (const { delivery } of waiting) {
      this.#inHand.delete(delivery.streamSequence);
      delivery.nak(0);
    }
    this.#parking.close();
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
      const about = aboutOf(event);
      return { lane, event, about, delivery, receivedAt: this.ports.clock.now(), begunAt: null, attempts: 0 };
    } catch (cause) {
      this.#parking.release(delivery.streamSequence);
      this.#burying({ delivery, attempts: 0 }, 'unreadable', messageOf(cause));
      return null;
    }
  }

  #admit(held: Held): void {
    const { delivery } = held;
    const { deliveriesMax } = this.settings;
    this.#inHand.set(delivery.streamSequence, held);
    this.#count();
    if (delivery.deliveries > deliveriesMax * unbegunFactor) {
      this.#burying(held, 'exhausted', 'delivered again and again without ever being handled');
    } else {
      this.#enqueue(held);
    }
  }

  #enqueue(held: Held): void {
    const { lane, delivery } = held;
    if (this.#parking.release(delivery.streamSequence, held)) return;
    lane.lanes.add(lane.hearing.options.keyOf?.(held.event) ?? delivery.subject, held);
  }

  async #handle(held: Held, key: string): Promise<void> {
    const { contract } = held.lane.hearing;
    const started = performance.now();
    held.begunAt = this.ports.clock.now();
    held.attempts += 1;
    const outcome = await this.#outcomeOf(held);
    held.begunAt = null;
    this.ports.metrics.handlerSeconds.observe({ message: contract.name }, (performance.now() - started) / 1000);
    this.ports.metrics.handled.inc({ message: contract.name, outcome: outcome.kind });
    const { delivery } = held;
    switch (outcome.kind) {
      case 'done':
        this.#letGo(delivery);
        return delivery.ack();
      case 'poison':
        return this.#bury(held, 'poison', outcome.reason, key);
      case 'retry':
        return this.#waitOut(held, key, outcome);
      case 'failed':
        this.#log.warn(
          `${contract.name} #${delivery.streamSequence} again (${delivery.deliveries}): ${outcome.reason}`,
        );
        return this.#countFailure(held, key, outcome.reason);
      case 'broken':
        // A message that breaks an invariant every time must not keep the service from ever starting.
        await this.#countFailure(held, key, `broken invariant: ${outcome.error.message}`);
        return this.ports.die(outcome.error);
    }
  }

  async #outcomeOf(held: Held): Promise<Handled> {
    const { hearing } = held.lane;
    const { delivery, receivedAt } = held;
    const { subject, streamSequence, headers } = delivery;
    const traceparent = headers['traceparent'] ?? null;
    const context = { subject, deliveries: timesHandedOver(held), streamSequence, receivedAt, traceparent };
    const attributes = {
      'messaging.destination.name': subject,
      'messaging.consumer.group.name': this.settings.consumer,
      'messaging.message.id': headers['Nats-Msg-Id'] ?? '',
    };
    try {
      const work = () => hearing.handle(held.event, context);
      return await spanned('process', { template: hearing.contract.subject, attributes, about: held.about }, work);
    } catch (cause) {
      if (cause instanceof BrokenInvariant) return { kind: 'broken', error: cause };
      const reason = `the handler threw: ${messageOf(cause)}`;
      return { kind: isWeather(cause) ? 'retry' : 'failed', reason };
    }
  }

  /** The message stays in hand and pending; nothing of its key passes it. */
  async #waitOut(held: Held, key: string, { reason, delayMs, attemptsMax }: Retry): Promise<void> {
    const { delivery, attempts, lane } = held;
    const { ageMsMax, weatherBackoff } = this.settings;
    const times = timesHandedOver(held);
    const name = `${lane.hearing.contract.name} #${delivery.streamSequence}`;
    const waitedMs = (this.ports.clock.now() - held.receivedAt) / 1000;
    // Every doubling: an outage must not drown the log in its own consequences.
    if ((attempts & (attempts - 1)) === 0) {
      const words = `${name} again (${times}): ${reason}`;
      // Whoever names the pause knows what it waits for, as during a start; only that it lasts is a warning.
      this.#log[delayMs !== undefined && waitedMs < expectedMsMax ? 'log' : 'warn'](words);
    }
    if (times >= (attemptsMax ?? Number.POSITIVE_INFINITY) || waitedMs > ageMsMax) {
      return this.#bury(held, 'exhausted', reason, key);
    }
    if (this.#closed) {
      this.#letGo(delivery);
      return delivery.nak(0);
    }
    const ms = Math.min(delayMs ?? backoffMs(attempts, weatherBackoff), delayMsMax);
    this.#patience.wait(delivery.streamSequence, { lanes: lane.lanes, key, item: held }, ms);
    this.#count();
  }

  async #countFailure(held: Held, key: string, reason: string): Promise<void> {
    const { deliveries } = held.delivery;
    if (deliveries >= this.settings.deliveriesMax) return this.#bury(held, 'exhausted', reason, key);
    const wait = backoffMs(deliveries, this.settings.backoff);
    this.#park(held, key, held.delivery.streamSequence, wait);
    this.#letGo(held.delivery);
    held.delivery.nak(wait);
  }

  #park({ lane: { lanes } }: Held, key: string, sequence: number, waitMs: number): void {
    if (!this.#closed) this.#parking.park(sequence, { lanes, key }, waitMs + 3 * this.settings.ackWaitMs);
  }

  #burying(letter: Dying, cause: DeadLetterCause, reason: string): void {
    const burial = this.#bury(letter, cause, reason).finally(() => this.#burials.delete(burial));
    this.#burials.add(burial);
  }

  /** Terminated only after the letter is stored; until then it comes again. */
  async #bury(dying: Dying, cause: DeadLetterCause, reason: string, key?: string): Promise<void> {
    const { stream, consumer, backoff } = this.settings;
    const { delivery } = dying;
    this.#log.error(`dead letter: ${stream} #${delivery.streamSequence} ${delivery.subject}: ${cause}: ${reason}`);
    const held = this.#inHand.get(delivery.streamSequence);
    try {
      await this.ports.bury({ cause, reason, stream, consumer, delivery, deliveries: timesHandedOver(dying) });
      (held?.delivery ?? delivery).term();
      this.ports.metrics.deadLetters.inc({ stream, cause });
      this.#parking.release(delivery.streamSequence);
    } catch (failure) {
      this.#log.error(`the dead letter was not stored and comes again: ${messageOf(failure)}`);
      const wait = backoffMs(delivery.deliveries, backoff);
      if (held !== undefined && key !== undefined) this.#park(held, key, delivery.streamSequence, wait);
      (held?.delivery ?? delivery).nak(wait);
    }
    this.#letGo(delivery);
  }

  #letGo({ streamSequence }: Delivery): void {
    this.#inHand.delete(streamSequence);
    this.#count();
  }

  #count(): void {
    const { stream } = this.settings;
    this.ports.metrics.inHand.set({ stream }, this.#inHand.size);
    this.ports.metrics.waitingOut.set({ stream }, this.#patience.size);
  }

  #stillWorking(): void {
    const now = this.ports.clock.now();
    for (const { delivery, begunAt } of this.#inHand.values()) {
      if (begunAt === null || now - begunAt < this.settings.workingMsMax * 1000) delivery.working();
    }
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
