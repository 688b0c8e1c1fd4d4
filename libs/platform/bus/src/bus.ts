import type { Contract, Meta, Question } from '@scalpstorm/contracts';

/** Every event carries its {@link Meta}; its id is what a stream removes duplicates by. */
export interface Stamped {
  readonly meta: Meta;
}

export type BusState = 'connected' | 'reconnecting' | 'closed';

/** The speaking side. Injectable; the fake in `@scalpstorm/bus/testing` passes the same contract suite as NATS does. */
export abstract class Bus {
  abstract readonly state: BusState;

  /**
   * How often the connection was made again. Whoever only asks for the {@link state} now and then misses an outage that is over before
   * it asks again; this has grown.
   */
  abstract readonly reconnects: number;

  /** Core NATS: at most once, nobody waits. Dropped and counted while disconnected, because the next one cures it. */
  abstract publish<E extends Stamped>(contract: Contract<E>, event: E): void;

  /**
   * JetStream: resolves when the stream has stored it, or already had it. `messageId` is what the stream removes
   * duplicates by, within its window; the event's own id by default.
   * @throws SendFailed after a bounded number of attempts
   */
  abstract send<E extends Stamped>(contract: Contract<E>, event: E, messageId?: string): Promise<Sent>;

  /** @throws NoAnswer */
  abstract ask<Q, R>(question: Question<Q, R>, request: Q, timeoutMs?: number): Promise<R>;
}

export interface Sent {
  /** The stream had this message id already and kept the first, which may be our own attempt that was not acknowledged in time. */
  readonly duplicate: boolean;
  /** Where the first one is, when it was not this one: {@link ReadBack} tells whose it was. */
  readonly first?: number;
}

export type NoAnswerCode =
  | 'NO_RESPONDER'
  | 'TIMEOUT'
  | 'DISCONNECTED'
  | 'FAILED'
  | 'OVERLOADED'
  | 'UNREADABLE'
  | 'REFUSED';

/** Weather: nobody answered in time, or the answer says that the other side could not. Whether it acted is unknown. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(
    readonly code: NoAnswerCode,
    readonly question: string,
    options?: ErrorOptions,
  ) {
    super(`no answer to ${question}: ${code}`, options);
  }
}

export type SendFailedCode = 'UNACKNOWLEDGED' | 'REFUSED' | 'OVERLOADED' | 'CLOSED';

/** Weather, unless `REFUSED`, which a repeat will not cure. The stream may or may not hold the message. */
export class SendFailed extends Error {
  override readonly name = 'SendFailed';

  constructor(
    readonly code: SendFailedCode,
    readonly subject: string,
    options?: ErrorOptions,
  ) {
    super(`not acknowledged by a stream: ${subject}: ${code}`, options);
  }
}
