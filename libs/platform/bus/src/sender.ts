import { JetStreamApiError, type JetStreamClient, type PubAck } from '@nats-io/jetstream';
import { errors, headers, type MsgHdrs } from '@nats-io/transport-node';
import { backoffMs, pause } from './backoff.js';
import { SendFailed, type Sent } from './bus.js';
import type { MessageHeaders } from './tracing.js';

export interface OutgoingMessage {
  /** With the namespace. */
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly headers: MessageHeaders;
  readonly messageId: string;
}

const attemptsUsual = 10;
const acknowledgementTimeoutMs = 2_000;
const sendsMax = 4_096;
const backoff = { firstMs: 25, maxMs: 2_000 };

/**
 * Publishes to a stream until it says that it has the message. Repeats are harmless within the stream's window, because
 * every attempt carries the same message id. Many sends are under way at once; nothing waits for the one before it.
 */
export class Sender {
  readonly #stop = new AbortController();
  #under = 0;

  /** @param connected resolves when the connection is there, or when waiting for it has taken too long */
  constructor(
    private readonly jetstream: JetStreamClient,
    private readonly connected: () => Promise<void>,
  ) {}

  async send(message: OutgoingMessage, attemptsMax: number = attemptsUsual): Promise<Sent> {
    if (this.#stop.signal.aborted) throw new SendFailed('CLOSED', message.subject);
    if (this.#under >= sendsMax) throw new SendFailed('OVERLOADED', message.subject);
    this.#under += 1;
    try {
      return await this.#attempts(message, attemptsMax);
    } finally {
      this.#under -= 1;
    }
  }

  close(): void {
    this.#stop.abort();
  }

  async #attempts(message: OutgoingMessage, attemptsMax: number): Promise<Sent> {
    let last: unknown;
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      try {
        await this.connected();
        const { duplicate, seq: first } = await this.#once(message);
        return duplicate ? { duplicate, first } : { duplicate };
      } catch (cause) {
        if (isRefusal(cause)) throw new SendFailed('REFUSED', message.subject, { cause });
        last = cause;
      }
      if (attempt < attemptsMax) await pause(backoffMs(attempt, backoff), this.#stop.signal);
      if (this.#stop.signal.aborted) throw new SendFailed('CLOSED', message.subject, { cause: last });
    }
    throw new SendFailed('UNACKNOWLEDGED', message.subject, { cause: last });
  }

  #once({ subject, payload, headers: fields, messageId }: OutgoingMessage): Promise<PubAck> {
    return this.jetstream.publish(subject, payload, {
      msgID: messageId,
      headers: natsHeaders(fields),
      timeout: acknowledgementTimeoutMs,
      retries: 1,
    });
  }
}

export function natsHeaders(fields: MessageHeaders): MsgHdrs {
  const result = headers();
  for (const [name, value] of Object.entries(fields)) result.set(name, value);
  return result;
}

const serverBusy = 503;

/** No permission, no such form, too large: repeating it changes nothing. */
function isRefusal(cause: unknown): boolean {
  if (cause instanceof JetStreamApiError) return cause.status !== serverBusy;
  if (!(cause instanceof Error)) return false;
  return [cause, cause.cause].some(
    (error) => error instanceof errors.PermissionViolationError || error instanceof errors.InvalidArgumentError,
  );
}
