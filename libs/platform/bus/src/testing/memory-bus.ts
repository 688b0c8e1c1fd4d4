import { deadLetterSubject, type Speaker, type StreamName, subjectFilter, topology } from '@scalpstorm/contracts';
import { assert, type BrokenInvariant, type Clock } from '@scalpstorm/kernel';
import { SystemClock } from '@scalpstorm/observability';
import { Answerer } from '../answerer.js';
import { pause } from '../backoff.js';
import { type Bus, NoAnswer, SendFailed } from '../bus.js';
import { CarriedBus, type Carrier, type Outgoing, type Reply } from '../carried-bus.js';
import { type DeadLetter, deadLetterHeaders, deadLetterId } from '../delivery.js';
import { Intake } from '../intake.js';
import { Listener } from '../listener.js';
import { BusMetrics } from '../metrics.js';
import { BusOutboxPublisher } from '../outbox.js';
import { type KeptMessage, ReadBack } from '../read-back.js';
import { assertOneHandlerEach, type Handlers, type Hearing, Receiver } from '../receiver.js';
import type { MemoryBroker } from './memory-broker.js';

export interface MemoryBusOptions {
  readonly broker: MemoryBroker;
  readonly speaker: Speaker;
  readonly clock?: Clock;
  readonly metrics?: BusMetrics;
  /** Throws by default, so that a test sees it. */
  readonly die?: (error: BrokenInvariant) => void;
}

/** What {@link NatsBus} is to NATS, over a {@link MemoryBroker}: the same bus, receiver and outbox, no network. */
export class MemoryBus {
  readonly bus: Bus;
  readonly receiver: Receiver;
  readonly outbox: BusOutboxPublisher;
  readonly readBack: ReadBack;

  constructor(options: MemoryBusOptions) {
    const metrics = options.metrics ?? new BusMetrics();
    const carrier = new MemoryCarrier(options.broker, options.speaker);
    this.bus = new CarriedBus(carrier, metrics);
    this.receiver = new MemoryReceiver(options, metrics);
    this.outbox = new BusOutboxPublisher(carrier);
    this.readBack = new MemoryReadBack(options.broker);
  }

  async close(): Promise<void> {
    await this.receiver.drain();
  }
}

class MemoryCarrier implements Carrier {
  readonly state = 'connected';
  readonly reconnects = 0;

  constructor(
    private readonly broker: MemoryBroker,
    private readonly speaker: Speaker,
  ) {}

  publish(message: Outgoing): void {
    this.broker.publish(this.speaker, message);
  }

  async send(message: Outgoing, messageId: string) {
    const sent = this.broker.store(this.speaker, message, messageId);
    if (sent === null) throw new SendFailed('UNACKNOWLEDGED', message.subject);
    return sent;
  }

  async request(message: Outgoing, question: string, timeoutMs: number): Promise<Reply> {
    const answered = new AbortController();
    const reply = new Promise<Reply>((resolve, reject) => {
      const take = (data: Uint8Array, headers: Reply['headers']) => resolve({ data, headers });
      if (!this.broker.request(this.speaker, message, take)) reject(new NoAnswer('NO_RESPONDER', question));
    });
    const late = pause(timeoutMs, answered.signal).then((): never => {
      throw new NoAnswer('TIMEOUT', question);
    });
    late.catch(() => {});
    return Promise.race([reply, late]).finally(() => answered.abort());
  }
}

class MemoryReadBack extends ReadBack {
  constructor(private readonly broker: MemoryBroker) {
    super();
  }

  async at(stream: StreamName, sequence: number): Promise<KeptMessage | null> {
    return this.broker.stored(stream)[sequence - 1] ?? null;
  }
}

/** Short, because a test waits for it. */
const backoff = { firstMs: 5, maxMs: 50 };
const drainMsMax = 3_000;

class MemoryReceiver extends Receiver {
  readonly #stops: (() => void)[] = [];
  readonly #intakes: Intake[] = [];

  constructor(
    private readonly options: MemoryBusOptions,
    private readonly metrics: BusMetrics,
  ) {
    super();
  }

  async receive({ hears, listens, answers }: Handlers): Promise<void> {
    assertOneHandlerEach(hears);
    const { broker, speaker } = this.options;
    for (const [stream, group] of Map.groupBy(hears, ({ contract }) => contract.stream)) {
      if (stream !== null) this.#hear(stream, group);
    }
    for (const listening of listens) {
      const { contract, options } = listening;
      assert(contract.stream === null, `${contract.name} belongs to a stream: use @Hears`);
      const listener = new Listener(listening, this.metrics, this.#die);
      const pattern = subjectFilter(contract.subject, options.filter);
      this.#stops.push(broker.subscribe({ pattern, group: null, hear: (message) => listener.hear(message) }));
    }
    for (const answering of answers) {
      const answerer = new Answerer(answering, this.metrics, this.#die);
      const pattern = answering.question.subject;
      this.#stops.push(broker.subscribe({ pattern, group: speaker, hear: (message) => answerer.take(message) }));
    }
  }

  async drain(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await Promise.all(this.#intakes.map((intake) => intake.drain(drainMsMax)));
  }

  #hear(stream: StreamName, hears: readonly Hearing[]): void {
    const { broker, speaker, clock = new SystemClock() } = this.options;
    const spec = topology.consumers.find((known) => known.speaker === speaker && known.stream === stream);
    assert(spec !== undefined, `the topology gives ${speaker} no consumer on ${stream}`);
    const { ackWaitMs, deliveriesMax } = spec;
    const bounds = { deliveriesMax, ackWaitMs, workingMsMax: ackWaitMs, ageMsMax: 24 * 3_600_000 };
    const settings = { stream, consumer: speaker, backoff, weatherBackoff: backoff, ...bounds };
    const bury = async (letter: DeadLetter) => {
      const subject = deadLetterSubject(speaker);
      const outgoing = { subject, payload: letter.delivery.data, headers: deadLetterHeaders(letter) };
      broker.store(speaker, outgoing, deadLetterId(letter));
    };
    const intake = new Intake(hears, settings, { clock, metrics: this.metrics, die: this.#die, bury });
    this.#intakes.push(intake);
    this.#stops.push(broker.consume(speaker, stream, (delivery) => intake.take(delivery)));
  }

  readonly #die = (error: BrokenInvariant): void => {
    const { die = throwLater } = this.options;
    die(error);
  };
}

/** Outside of every try block, so that the test run sees it. */
function throwLater(error: BrokenInvariant): void {
  setImmediate(() => {
    throw error;
  });
}
