import type { Contract, Question } from '@scalpstorm/contracts';
import { assert, type Timestamp } from '@scalpstorm/kernel';
import type { Outcome } from './outcome.js';

/** What a handler may know about a delivery besides the event. */
export interface MessageContext {
  /** Without the namespace, e.g. `order.requested.v1.demo`. */
  readonly subject: string;
  /** How often the handler was given this message, this time included, as far as it is known after a crash. */
  readonly deliveries: number;
  /** Its place in its stream, from 1. */
  readonly streamSequence: number;
  readonly receivedAt: Timestamp;
  /** W3C trace context of the sender, or null. */
  readonly traceparent: string | null;
}

export interface HearsOptions<E> {
  /** How many keys are handled at the same time; 32 by default. */
  readonly concurrency?: number;
  /** Messages with the same key are handled one after the other, in the order of the stream; the subject by default. */
  readonly keyOf?: (event: E) => string;
}

export interface ListensOptions {
  /** Exact values for routing tokens, e.g. `{ symbol: 'BTC-USDT' }`; a token that is not named matches everything. */
  readonly filter?: Readonly<Record<string, string>>;
  /** How many messages may wait for the handler; when one more comes, the oldest is dropped. 1024 by default. */
  readonly waitingMax?: number;
  /** Of several that wait on the same subject only the newest is heard: for what one tells whole, such as a quote. */
  readonly newestOnly?: boolean;
  /**
   * Heard over the connection of the streams: what was said before an event of a stream is then heard before it. For whoever judges
   * such an event by what was said, and is never slower than what is said.
   */
  readonly beforeStreams?: boolean;
}

export interface Hearing<E = unknown> {
  readonly contract: Contract<E>;
  readonly options: HearsOptions<E>;
  handle(event: E, context: MessageContext): Promise<Outcome>;
}

export interface Listening<E = unknown> {
  readonly contract: Contract<E>;
  readonly options: ListensOptions;
  on(event: E): void | Promise<void>;
}

export interface Answering<Q = unknown, R = unknown> {
  readonly question: Question<Q, R>;
  answer(request: Q): Promise<R>;
}

export interface Handlers {
  readonly hears: readonly Hearing[];
  readonly listens: readonly Listening[];
  readonly answers: readonly Answering[];
}

/** The hearing side. Services use the decorators; this is what the transport drives. */
export abstract class Receiver {
  /**
   * Starts delivering. All handlers of a speaker come in one call, because a durable consumer that started with only
   * some of them would take messages nobody hears.
   */
  abstract receive(handlers: Handlers): Promise<void>;

  /** Stops taking messages, lets running handlers finish within a bound, gives back what was not begun. */
  abstract drain(): Promise<void>;
}

/** Types erased, so that handlers of different events sit in one list. The contract's own codec guarantees the match. */
export function hearing<E>(
  contract: Contract<E>,
  handle: (event: E, context: MessageContext) => Promise<Outcome>,
  options: HearsOptions<E> = {},
): Hearing {
  return { contract, options, handle } as Hearing<E> as Hearing;
}

export function listening<E>(
  contract: Contract<E>,
  on: (event: E) => void | Promise<void>,
  options: ListensOptions = {},
): Listening {
  return { contract, options, on } as Listening<E> as Listening;
}

export function answering<Q, R>(question: Question<Q, R>, answer: (request: Q) => Promise<R>): Answering {
  return { question, answer } as Answering<Q, R> as Answering;
}

/** Two handlers for one message would each acknowledge it for the other. */
export function assertOneHandlerEach(hears: readonly Hearing[]): void {
  const seen = new Set<string>();
  for (const { contract } of hears) {
    assert(contract.stream !== null, `${contract.name} travels over core NATS: use @Listens`);
    assert(!seen.has(contract.subject), `${contract.name} has two @Hears handlers in one service`);
    seen.add(contract.subject);
  }
}
