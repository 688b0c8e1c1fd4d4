import type { JetStreamClient } from '@nats-io/jetstream';
import { type StreamName, streamIn } from '@scalpstorm/contracts';
import { NoAnswer } from './bus.js';
import { answerCode } from './nats-carrier.js';

/** A message as a stream keeps it. */
export interface KeptMessage {
  /** Without the namespace. */
  readonly subject: string;
  readonly payload: Uint8Array;
}

/** Whoever was told that a stream had its message id already reads what the stream took first. Only the risk gate may. */
export abstract class ReadBack {
  /**
   * Null: the stream does not keep it any more.
   * @param sequence from {@link Sent.first}
   * @throws NoAnswer
   */
  abstract at(stream: StreamName, sequence: number): Promise<KeptMessage | null>;
}

/** Asks the leader of the stream: a copy may lag behind it. */
export class NatsReadBack extends ReadBack {
  constructor(
    private readonly jetstream: JetStreamClient,
    private readonly namespace: string,
  ) {
    super();
  }

  async at(stream: StreamName, sequence: number): Promise<KeptMessage | null> {
    const { jetstream, namespace } = this;
    try {
      const { streams } = await jetstream.jetstreamManager(false);
      const kept = await streams.getMessage(streamIn(namespace, stream), { seq: sequence });
      return kept === null ? null : { subject: kept.subject.slice(namespace.length + 1), payload: kept.data };
    } catch (cause) {
      throw new NoAnswer(answerCode(cause), `${stream} ${sequence}`, { cause });
    }
  }
}
