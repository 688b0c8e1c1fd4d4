import { jetstream } from '@nats-io/jetstream';
import type { Speaker, StreamName } from '@scalpstorm/contracts';
import type { BrokenInvariant, Clock } from '@scalpstorm/kernel';
import { SystemClock } from '@scalpstorm/observability';
import type { Bus } from './bus.js';
import { CarriedBus } from './carried-bus.js';
import { type NatsAddress, NatsLink } from './link.js';
import { BusMetrics } from './metrics.js';
import { NatsCarrier } from './nats-carrier.js';
import { NatsReceiver } from './nats-receiver.js';
import { BusOutboxPublisher } from './outbox.js';
import { NatsReadBack, type ReadBack } from './read-back.js';
import type { Receiver } from './receiver.js';
import type { StreamReader } from './stream-reader.js';

export interface NatsBusOptions extends NatsAddress {
  readonly speaker: Speaker;
  readonly clock?: Clock;
  readonly metrics?: BusMetrics;
  /** Messages waiting and none delivered for this long: the consumer is pulled anew; 10 s by default. */
  readonly stallMsMax?: number;
  /** How long running handlers may take to finish at shutdown; 3 s by default. */
  readonly drainMsMax?: number;
  readonly retryBackoff?: { readonly firstMs: number; readonly maxMs: number };
  /** How long an answer is waited for where whoever asks does not say otherwise; 2 s by default. */
  readonly answerMsMax?: number;
  /** What to do when our own code broke a promise or NATS refuses us for good; ends the process by default. */
  readonly die?: (error: Error) => void;
}

const defaults = {
  stallMsMax: 10_000,
  drainMsMax: 3_000,
  retryBackoff: { firstMs: 100, maxMs: 30_000 },
} as const;

/** One speaker's connection with everything on it: the bus it speaks through, and the receiver its handlers hang on. */
export class NatsBus {
  private constructor(
    readonly bus: Bus,
    readonly receiver: Receiver,
    readonly outbox: BusOutboxPublisher,
    readonly readBack: ReadBack,
    private readonly parts: { link: NatsLink; carrier: NatsCarrier; receiver: NatsReceiver },
  ) {}

  /** @throws when NATS does not answer or refuses the user */
  static async open(options: NatsBusOptions): Promise<NatsBus> {
    const { namespace, speaker, clock = new SystemClock(), die = endProcess } = options;
    const metrics = options.metrics ?? new BusMetrics();
    const link = await NatsLink.open(options, speaker, { metrics, lost: die });
    const client = jetstream(link.connection, { timeout: jetstreamTimeoutMs });
    const carrier = new NatsCarrier(link, client, { namespace, speaker });
    const openEar = () => NatsLink.open(options, speaker, { metrics, lost: die, purpose: 'market' });
    const dieOf = (error: BrokenInvariant) => void link.flush().finally(() => die(error));
    const receiver = new NatsReceiver(
      { ...defaults, ...given(options), namespace, speaker },
      { link, openEar, carrier, jetstream: client, metrics, clock, die: dieOf },
    );
    const parts = { link, carrier, receiver };
    const readBack = new NatsReadBack(client, namespace);
    return new NatsBus(
      new CarriedBus(carrier, metrics, options.answerMsMax),
      receiver,
      new BusOutboxPublisher(carrier),
      readBack,
      parts,
    );
  }

  /** Health: resolves when connected and every consumer answers. */
  async check(): Promise<void> {
    if (this.bus.state !== 'connected') throw new Error(`NATS: ${this.bus.state}`);
    this.parts.receiver.check();
  }

  /** In batches and in order, instead of handlers. @throws when there is no such consumer */
  read(stream: StreamName): Promise<StreamReader> {
    return this.parts.receiver.read(stream);
  }

  /** Finishes what runs, sends what is buffered, closes; bounded. */
  async close(): Promise<void> {
    await this.parts.receiver.drain();
    this.parts.carrier.close();
    await this.parts.link.close();
  }
}

const jetstreamTimeoutMs = 3_000;

/** Uncaught on purpose: the process stops and a supervisor starts it anew, with its state rebuilt from the record. */
function endProcess(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

function given({ stallMsMax, drainMsMax, retryBackoff }: NatsBusOptions) {
  return {
    ...(stallMsMax === undefined ? {} : { stallMsMax }),
    ...(drainMsMax === undefined ? {} : { drainMsMax }),
    ...(retryBackoff === undefined ? {} : { retryBackoff }),
  };
}
