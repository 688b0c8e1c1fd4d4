import type { Delivery, Hearing } from '@scalpstorm/bus';
import { BusMetrics, Intake } from '@scalpstorm/bus';
import {
  type ConsumerSpec,
  type Contract,
  type Speaker,
  type StreamName,
  subjectFilter,
  topology,
} from '@scalpstorm/contracts';
import { assert, type Micros, millisecond, type Rng } from '@scalpstorm/kernel';
import type { Weather } from '../faults/weather.js';
import type { SimProcess } from '../services/sim-process.js';
import type { Planned, VirtualTime } from '../time/virtual-time.js';

/** A message as a stream keeps it. The event travels as it is: its form on the wire has specs of its own. */
export interface Message {
  readonly contract: Contract<unknown>;
  readonly subject: string;
  readonly event: unknown;
  readonly messageId: string;
  /** When it was first sent, on the true clock; a row of an outbox when it was published. */
  readonly sentAt: Micros;
}

interface Stream {
  readonly messages: Message[];
  /** When each message id was kept, and where. */
  readonly ids: Map<string, { readonly at: Micros; readonly sequence: number }>;
  readonly duplicateWindow: Micros;
}

interface Pending {
  readonly message: Message;
  readonly sequence: number;
  deliveries: number;
  deadline: Micros;
  check: Planned | null;
}

interface Consumer {
  readonly spec: ConsumerSpec;
  /** The next one to look at. */
  next: number;
  readonly pending: Map<number, Pending>;
  /** The newest to connect; an older one has lost the connection. */
  receiver: { readonly process: SimProcess; readonly intake: Intake } | null;
  /** One connection delivers in order. */
  lastAt: Micros;
}

export interface BrokerParts {
  readonly time: VirtualTime;
  readonly rng: Rng;
  readonly weather: Weather;
  /** Told of every message that a stream keeps. */
  onKept(message: Message): void;
  /** Told of every message that a consumer's hearer has done with. */
  onAcknowledged(message: Message, speaker: Speaker): void;
}

/** One for all worlds of a thread: nobody reads them. */
const metrics = new BusMetrics();
const backoff = { firstMs: 100, maxMs: 5_000 };
const weatherBackoff = { firstMs: 50, maxMs: 2_000 };
const ageMsMax = 24 * 3_600_000;

/**
 * The streams and durable consumers of the topology, in memory: what a stream has acknowledged it keeps, a message id is kept once within
 * its window, a consumer gives what is not acknowledged again after its time. Between delivery and acknowledgement works the
 * `Intake` of the platform itself.
 */
export class Broker {
  private readonly streams = new Map<StreamName, Stream>();
  private readonly consumers: readonly Consumer[];

  constructor(private readonly parts: BrokerParts) {
    for (const { name, duplicateWindowMs } of topology.streams) {
      this.streams.set(name, { messages: [], ids: new Map(), duplicateWindow: duplicateWindowMs * millisecond });
    }
    const fresh = { next: 0, receiver: null, lastAt: 0 };
    this.consumers = topology.consumers.map((spec) => ({ spec, ...fresh, pending: new Map() }));
  }

  /** Where the first one is, when it had this message id already; null: this is the first. */
  keep(message: Message): number | null {
    const { stream: name } = message.contract;
    assert(name !== null, `${message.contract.name} belongs to no stream`);
    const stream = this.streamOf(name);
    const { time, onKept } = this.parts;
    const before = stream.ids.get(message.messageId);
    if (before !== undefined && time.elapsed - before.at < stream.duplicateWindow) return before.sequence;
    stream.messages.push(message);
    stream.ids.set(message.messageId, { at: time.elapsed, sequence: stream.messages.length });
    onKept(message);
    for (const consumer of this.consumers) if (consumer.spec.stream === name) this.deliverNext(consumer);
    return null;
  }

  /** @param sequence from one, as a stream counts */
  kept(stream: StreamName, sequence: number): Message | null {
    return this.streamOf(stream).messages[sequence - 1] ?? null;
  }

  /** From now on this process hears what its speaker's consumers have; whoever heard before hears nothing any more. */
  connect(process: SimProcess, hears: readonly Hearing[], die: (cause: Error) => void): void {
    for (const consumer of this.consumers) {
      if (consumer.spec.speaker !== process.kind) continue;
      const group = hears.filter(({ contract }) => contract.stream === consumer.spec.stream).map(asItIs);
      if (group.length === 0) continue;
      const { stream, speaker, ackWaitMs, deliveriesMax } = consumer.spec;
      const settings = { stream, consumer: speaker, deliveriesMax, ackWaitMs, workingMsMax: 4 * ackWaitMs };
      const ports = { clock: process.clock, metrics, bury: async () => undefined, die };
      const intake = new Intake(group, { ...settings, backoff, weatherBackoff, ageMsMax }, ports);
      consumer.receiver = { process, intake };
      this.deliverNext(consumer);
    }
  }

  /** Messages that were delivered, or wait to be, and are not acknowledged. */
  unacknowledged(kind: string): number {
    let count = 0;
    for (const { spec, pending, next } of this.consumers) {
      if (spec.speaker === kind) count += pending.size + this.streamOf(spec.stream).messages.length - next;
    }
    return count;
  }

  private deliverNext(consumer: Consumer): void {
    const { messages } = this.streamOf(consumer.spec.stream);
    const { filters } = consumer.spec;
    while (consumer.receiver !== null && consumer.next < messages.length) {
      const sequence = consumer.next;
      const message = messages[sequence];
      consumer.next += 1;
      if (message === undefined) break;
      if (filters.length > 0 && !filters.includes(subjectFilter(message.contract.subject))) continue;
      const pending: Pending = { message, sequence, deliveries: 0, deadline: 0, check: null };
      consumer.pending.set(sequence, pending);
      this.deliver(consumer, pending);
    }
  }

  private deliver(consumer: Consumer, pending: Pending): void {
    const { time, rng, weather } = this.parts;
    pending.deliveries += 1;
    this.awaitWord(consumer, pending);
    const { receiver } = consumer;
    if (receiver === null || weather.strikes('messages-lost')) return;
    const late = weather.strikes('messages-late') ? rng.below(2_000 * millisecond) : 0;
    const at = Math.max(consumer.lastAt, time.elapsed + 100 + rng.below(400) + late);
    consumer.lastAt = at;
    const { process, intake } = receiver;
    const delivery = this.deliveryOf(consumer, pending);
    time.after(at - time.elapsed, process, () => intake.take(delivery));
  }

  /** Without a word in time it is delivered again. */
  private awaitWord(consumer: Consumer, pending: Pending): void {
    const { time } = this.parts;
    const wait = consumer.spec.ackWaitMs * millisecond;
    pending.deadline = time.elapsed + wait;
    if (pending.check !== null) time.cancel(pending.check);
    const look = (): void => {
      if (time.elapsed >= pending.deadline) this.deliver(consumer, pending);
      else pending.check = time.after(pending.deadline - time.elapsed, null, look);
    };
    pending.check = time.after(wait, null, look);
  }

  private deliveryOf(consumer: Consumer, pending: Pending): Delivery {
    const { time, rng, weather } = this.parts;
    const { message, sequence, deliveries } = pending;
    const said = (word: () => void) => {
      if (time.owner?.alive === false || weather.strikes('acknowledgements-lost')) return;
      time.after(100 + rng.below(300), null, () => {
        if (consumer.pending.get(sequence) === pending) word();
      });
    };
    const end = () => {
      if (pending.check !== null) time.cancel(pending.check);
      consumer.pending.delete(sequence);
      this.parts.onAcknowledged(message, consumer.spec.speaker);
    };
    return {
      subject: message.subject,
      data: message.event as Uint8Array,
      headers: {},
      deliveries,
      streamSequence: sequence + 1,
      ack: () => said(end),
      term: () => said(end),
      nak: (delayMs) => said(() => this.again(consumer, pending, delayMs * millisecond)),
      working: () => said(() => (pending.deadline = time.elapsed + consumer.spec.ackWaitMs * millisecond)),
    };
  }

  private again(consumer: Consumer, pending: Pending, micros: Micros): void {
    const { time } = this.parts;
    if (pending.check !== null) time.cancel(pending.check);
    pending.check = time.after(micros, null, () => this.deliver(consumer, pending));
  }

  private streamOf(name: StreamName): Stream {
    const stream = this.streams.get(name);
    assert(stream !== undefined, `there is no stream ${name}`);
    return stream;
  }
}

/** The same handler, for events that were not written out. */
function asItIs(hearing: Hearing): Hearing {
  const { contract } = hearing;
  return { ...hearing, contract: { ...contract, decode: (event: unknown) => event, route: contract.route } };
}
