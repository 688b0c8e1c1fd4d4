import {
  Bus,
  backoffMs,
  type KeptMessage,
  NoAnswer,
  ReadBack,
  SendFailed,
  type Sent,
  type Stamped,
} from '@scalpstorm/bus';
import type { Contract, Question, StreamName } from '@scalpstorm/contracts';
import { millisecond, type Rng } from '@scalpstorm/kernel';
import type { CrashPoint } from '../faults/crash-points.js';
import type { Weather } from '../faults/weather.js';
import type { SimProcess } from '../services/sim-process.js';
import type { Broker, Message } from './broker.js';

export interface SimBusParts {
  readonly process: SimProcess;
  readonly broker: Broker;
  readonly rng: Rng;
  readonly weather: Weather;
}

const attemptsMax = 10;
const acknowledgementWait = 2_000 * millisecond;
const backoff = { firstMs: 25, maxMs: 2_000 };

/** At which points a process may die that sends such a message. */
const points: Readonly<Record<string, { readonly before?: CrashPoint; readonly after?: CrashPoint }>> = {
  OrderRequested: { before: 'request-before-publish', after: 'strategy-asked' },
  CancelRequested: { after: 'cancel-asked' },
  OrderApproved: { before: 'gate-judged', after: 'gate-told' },
  OrderDenied: { before: 'gate-judged', after: 'gate-told' },
};

/** The speaking side of one process: repeats until it is acknowledged, as the platform's own does. */
export class SimBus extends Bus {
  readonly state = 'connected';
  readonly reconnects = 0;

  constructor(private readonly parts: SimBusParts) {
    super();
  }

  publish(): void {
    // Market data comes from outside of the world's processes, and nobody in it publishes any.
  }

  async ask<Q, R>(question: Question<Q, R>): Promise<R> {
    throw new NoAnswer('NO_RESPONDER', question.name);
  }

  async send<E extends Stamped>(
    contract: Contract<E>,
    event: E,
    messageId: string = event.meta.eventId,
  ): Promise<Sent> {
    const sentAt = this.parts.process.time.elapsed;
    const subject = contract.route(event);
    const message = { contract: contract as Contract<unknown>, subject, event, messageId, sentAt };
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const answer = await this.once(message, attempt === 1 ? points[contract.name] : {});
      if (answer !== null)
        return answer.first === null ? { duplicate: false } : { duplicate: true, first: answer.first };
      await this.parts.process.pause(backoffMs(attempt, backoff) * millisecond);
    }
    throw new SendFailed('UNACKNOWLEDGED', message.subject);
  }

  /** Null: no acknowledgement came in time. */
  async once(message: Message, at: (typeof points)[string] = {}): Promise<{ readonly first: number | null } | null> {
    const { process, broker, rng, weather } = this.parts;
    // A stream of a cluster may take nothing for some seconds while others do.
    const isClosed = weather.is('events-unpublished') && message.contract.stream === 'ORDER_EVENTS';
    const lost = isClosed || weather.strikes('publishes-lost');
    // Half of what is lost is only the acknowledgement.
    const arrives = !isClosed && (!lost || rng.below(2) === 0);
    const first = await process.call({
      ...at,
      there: 100 + rng.below(400),
      back: lost ? acknowledgementWait : 100 + rng.below(400),
      effect: () => (arrives ? broker.keep(message) : null),
    });
    return lost ? null : { first };
  }
}

/** Reads what a stream took; sometimes nobody answers. */
export class SimReadBack extends ReadBack {
  constructor(private readonly parts: SimBusParts) {
    super();
  }

  at(stream: StreamName, sequence: number): Promise<KeptMessage | null> {
    const { process, broker, rng, weather } = this.parts;
    const lost = weather.strikes('publishes-lost');
    const effect = (): KeptMessage | null => {
      if (lost) throw new NoAnswer('TIMEOUT', `${stream} ${sequence}`);
      const kept = broker.kept(stream, sequence);
      return kept === null ? null : { subject: kept.subject, payload: kept.contract.encode(kept.event) };
    };
    return process.call({
      there: 100 + rng.below(400),
      back: lost ? acknowledgementWait : 100 + rng.below(400),
      effect,
    });
  }
}
