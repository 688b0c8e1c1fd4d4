import { randomBytes } from 'node:crypto';
import type { JetStreamClient } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { answerInbox, type Speaker } from '@scalpstorm/contracts';
import { type BusState, NoAnswer, type NoAnswerCode, type Sent } from './bus.js';
import type { Carrier, Outgoing, Reply } from './carried-bus.js';
import type { NatsLink } from './link.js';
import { plainHeaders } from './puller.js';
import { natsHeaders, Sender } from './sender.js';
import { absolute } from './subjects.js';

const tokenBytes = 16;

/** Speaks over one NATS connection, within one namespace and as one speaker. */
export class NatsCarrier implements Carrier {
  readonly #sender: Sender;

  constructor(
    private readonly link: NatsLink,
    jetstream: JetStreamClient,
    private readonly identity: { readonly namespace: string; readonly speaker: Speaker },
  ) {
    this.#sender = new Sender(jetstream, () => link.connected());
  }

  get state(): BusState {
    return this.link.state;
  }

  get reconnects(): number {
    return this.link.reconnects;
  }

  publish({ subject, payload, headers }: Outgoing): void {
    this.link.connection.publish(this.subject(subject), payload, { headers: natsHeaders(headers) });
  }

  send({ subject, payload, headers }: Outgoing, messageId: string, attemptsMax?: number): Promise<Sent> {
    return this.#sender.send({ subject: this.subject(subject), payload, headers, messageId }, attemptsMax);
  }

  async request({ subject, payload, headers }: Outgoing, question: string, timeout: number): Promise<Reply> {
    if (this.state !== 'connected') throw new NoAnswer('DISCONNECTED', question);
    try {
      // Whoever answers may write to such an inbox and to no other; nobody can guess the next one from the last.
      const inbox = answerInbox(this.identity.speaker, randomBytes(tokenBytes).toString('hex'));
      const options = { timeout, headers: natsHeaders(headers), noMux: true, reply: inbox };
      const answer = await this.link.connection.request(this.subject(subject), payload, options);
      return { data: answer.data, headers: plainHeaders(answer.headers) };
    } catch (cause) {
      throw new NoAnswer(answerCode(cause), question, { cause });
    }
  }

  subject(subject: string): string {
    return absolute(this.identity.namespace, this.identity.speaker, subject);
  }

  close(): void {
    this.#sender.close();
  }
}

/** Why a request was not answered. */
export function answerCode(cause: unknown): NoAnswerCode {
  if (!(cause instanceof Error)) return 'FAILED';
  if (cause instanceof errors.RequestError && cause.isNoResponders()) return 'NO_RESPONDER';
  const reasons = [cause, cause.cause];
  if (reasons.some((error) => error instanceof errors.TimeoutError)) return 'TIMEOUT';
  if (reasons.some((error) => error instanceof errors.NoRespondersError)) return 'NO_RESPONDER';
  if (reasons.some((error) => error instanceof errors.PermissionViolationError)) return 'REFUSED';
  return 'DISCONNECTED';
}
