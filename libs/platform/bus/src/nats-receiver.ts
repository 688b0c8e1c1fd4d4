import type { JetStreamClient } from '@nats-io/jetstream';
import type { Msg, Subscription } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import {
  consumersOf,
  deadLetterSubject,
  inNamespace,
  type Speaker,
  type StreamName,
  subjectFilter,
  topology,
} from '@scalpstorm/contracts';
import { assert, type BrokenInvariant, type Clock } from '@scalpstorm/kernel';
import { Answerer } from './answerer.js';
import { within } from './backoff.js';
import { type DeadLetter, deadLetterHeaders, deadLetterId } from './delivery.js';
import { Intake } from './intake.js';
import type { NatsLink } from './link.js';
import { Listener } from './listener.js';
import type { BusMetrics } from './metrics.js';
import type { NatsCarrier } from './nats-carrier.js';
import { ackWaitMsOf, Puller, plainHeaders } from './puller.js';
import {
  type Answering,
  assertOneHandlerEach,
  type Handlers,
  type Hearing,
  type Listening,
  Receiver,
} from './receiver.js';
import { natsHeaders } from './sender.js';
import { StreamReader } from './stream-reader.js';

export interface ReceivingSettings {
  readonly namespace: string;
  readonly speaker: Speaker;
  readonly stallMsMax: number;
  readonly drainMsMax: number;
  readonly retryBackoff: { readonly firstMs: number; readonly maxMs: number };
}

export interface ReceivingPorts {
  readonly link: NatsLink;
  /** One more connection, see `#listen`. */
  openEar(): Promise<NatsLink>;
  readonly carrier: NatsCarrier;
  readonly jetstream: JetStreamClient;
  readonly metrics: BusMetrics;
  readonly clock: Clock;
  die(error: BrokenInvariant): void;
}

/** No handler needs longer; one that does keeps its key waiting, and the service says that it is not well. */
const handlerMsMax = 120_000;

/** While something is away it is tried again every some seconds, so that all goes on soon after it is back. */
const weatherBackoffMsMax = 5_000;

interface Wish {
  readonly subject: string;
  readonly queue?: string;
}

interface Consuming {
  readonly stream: StreamName;
  readonly puller: Puller;
  readonly intake: Intake;
}

/** Hears, listens and answers over NATS for one speaker. */
export class NatsReceiver extends Receiver {
  readonly #log = new Logger('bus');
  readonly #consuming: Consuming[] = [];
  readonly #listeners: Listener[] = [];
  readonly #answerers: Answerer[] = [];
  readonly #subscriptions: Subscription[] = [];
  readonly #faults: string[] = [];
  #ear: NatsLink | null = null;
  #draining: Promise<void> | null = null;

  constructor(
    private readonly settings: ReceivingSettings,
    private readonly ports: ReceivingPorts,
  ) {
    super();
  }

  async receive({ hears, listens, answers }: Handlers): Promise<void> {
    assertOneHandlerEach(hears);
    await this.#listenTo(listens);
    await Promise.all([...Map.groupBy(hears, streamFor)].map(([stream, group]) => this.#hear(stream, group)));
    // Last, because whoever is answered may rely on what was heard.
    for (const one of answers) this.#answer(one);
    await this.ports.link.connection.flush();
  }

  /**
   * For a speaker that carries a whole stream on in batches and has no handlers on it; whoever reads stops the reader.
   * @throws when the consumer does not exist
   */
  async read(stream: StreamName): Promise<StreamReader> {
    const { namespace, speaker, stallMsMax } = this.settings;
    assert(
      consumersOf(speaker).some((known) => known.stream === stream),
      `the topology gives ${speaker} no consumer on ${stream}`,
    );
    const { jetstream, metrics } = this.ports;
    const puller = new Puller({ namespace, stream, consumer: speaker, stallMsMax }, { jetstream, metrics });
    const consumer = await puller.find();
    const bury = (letter: DeadLetter) => this.#bury(letter);
    return new StreamReader({ stream, speaker }, { puller, consumer, metrics, bury });
  }

  drain(): Promise<void> {
    this.#draining ??= this.#drain();
    return this.#draining;
  }

  /** @throws when a message may be waiting that nobody will hear */
  check(): void {
    const silent = this.#consuming.filter(({ puller }) => !puller.alive).map(({ stream }) => stream);
    if (silent.length > 0) throw new Error(`no answer from the consumer on ${silent.join(', ')}`);
    const slow = this.#consuming.filter(({ intake }) => intake.slowestMs() > handlerMsMax).map(({ stream }) => stream);
    if (slow.length > 0)
      throw new Error(`a handler has been running for over ${handlerMsMax} ms on ${slow.join(', ')}`);
    if (this.#ear !== null && this.#ear.state !== 'connected') throw new Error(`NATS, market data: ${this.#ear.state}`);
    if (this.#faults.length > 0) throw new Error(this.#faults.join('; '));
  }

  async #hear(stream: StreamName, hears: readonly Hearing[]): Promise<void> {
    const { namespace, speaker, stallMsMax, retryBackoff } = this.settings;
    const { jetstream, metrics, clock, die } = this.ports;
    assert(!this.#consuming.some((known) => known.stream === stream), `${stream} is already being heard`);
    const spec = topology.consumers.find((known) => known.speaker === speaker && known.stream === stream);
    assert(spec !== undefined, `the topology gives ${speaker} no consumer on ${stream}`);
    const puller = new Puller({ namespace, stream, consumer: speaker, stallMsMax }, { jetstream, metrics });
    const consumer = await puller.find();
    metrics.hears(
      stream,
      hears.map(({ contract }) => contract.name),
    );
    const intake = new Intake(
      hears,
      {
        stream,
        consumer: speaker,
        deliveriesMax: spec.deliveriesMax,
        backoff: retryBackoff,
        weatherBackoff: { ...retryBackoff, maxMs: Math.min(retryBackoff.maxMs, weatherBackoffMsMax) },
        ageMsMax: ageMsMaxOf(stream),
        ackWaitMs: ackWaitMsOf(await consumer.info(true)),
        workingMsMax: handlerMsMax,
      },
      { clock, metrics, die, bury: (letter) => this.#bury(letter) },
    );
    this.#consuming.push({ stream, puller, intake });
    puller.start(consumer, (delivery) => intake.take(delivery));
  }

  /**
   * On a connection of its own: whoever is too slow for the market has its orders' events, acknowledgements and answers behind
   * thousands of prices otherwise, and loses them together with the prices when the server cuts it off.
   */
  async #listenTo(listens: readonly Listening[]): Promise<void> {
    const [before, apart] = [true, false].map((wanted) =>
      listens.filter(({ options }) => (options.beforeStreams ?? false) === wanted),
    );
    for (const one of before ?? []) this.#listen(one, this.ports.link);
    if (apart === undefined || apart.length === 0) return;
    this.#ear ??= await this.ports.openEar();
    for (const one of apart) this.#listen(one, this.#ear);
    await this.#ear.connection.flush();
  }

  #listen(listening: Listening, ear: NatsLink): void {
    const { contract, options } = listening;
    assert(contract.stream === null, `${contract.name} belongs to a stream: use @Hears`);
    const listener = new Listener(listening, this.ports.metrics, this.ports.die);
    this.#listeners.push(listener);
    const subject = subjectFilter(contract.subject, options.filter);
    this.#subscribe(ear, { subject }, (message) => {
      const { subject, data, headers } = message;
      listener.hear({ subject, data, headers: plainHeaders(headers) });
    });
  }

  #answer(answering: Answering): void {
    const answerer = new Answerer(answering, this.ports.metrics, this.ports.die);
    this.#answerers.push(answerer);
    // The queue group: while an old process drains, each question still gets one answer.
    const wish = { subject: answering.question.subject, queue: this.settings.speaker };
    this.#subscribe(this.ports.link, wish, (message) => {
      const reply = (payload: Uint8Array, headers: Readonly<Record<string, string>>) => {
        message.respond(payload, { headers: natsHeaders(headers) });
      };
      answerer.take({ data: message.data, headers: plainHeaders(message.headers), reply });
    });
  }

  #subscribe(link: NatsLink, { subject, queue }: Wish, hear: (message: Msg) => void): void {
    const callback = (error: Error | null, message: Msg) => {
      if (error === null) return hear(message);
      this.#log.error(`cannot listen to ${subject}: ${error.message}`);
      this.#faults.push(`cannot listen to ${subject}`);
    };
    const full = inNamespace(this.settings.namespace, subject);
    const options = queue === undefined ? { callback } : { callback, queue };
    this.#subscriptions.push(link.connection.subscribe(full, options));
  }

  async #bury(letter: DeadLetter): Promise<void> {
    const payload = letter.delivery.data;
    const subject = deadLetterSubject(this.settings.speaker);
    await this.ports.carrier.send({ subject, payload, headers: deadLetterHeaders(letter) }, deadLetterId(letter));
  }

  async #drain(): Promise<void> {
    const { drainMsMax } = this.settings;
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    for (const listener of this.#listeners) listener.close();
    await this.#ear?.close();
    await within(drainMsMax, Promise.all(this.#consuming.map(({ puller }) => puller.stop())));
    await Promise.all([
      ...this.#consuming.map(({ intake }) => intake.drain(drainMsMax)),
      within(drainMsMax, Promise.all(this.#answerers.map((answerer) => answerer.idle()))),
    ]);
  }
}

function ageMsMaxOf(stream: StreamName): number {
  const spec = topology.streams.find(({ name }) => name === stream);
  assert(spec !== undefined, `the topology has no stream ${stream}`);
  return spec.ageMsMax;
}

function streamFor({ contract }: Hearing): StreamName {
  assert(contract.stream !== null, `${contract.name} has no stream`);
  return contract.stream;
}
