import { type Contract, registeredMessages } from '@scalpstorm/contracts';
import { assert } from '@scalpstorm/kernel';
import { isTraced } from '@scalpstorm/observability';
import type { Stamped } from './bus.js';
import type { Carrier } from './carried-bus.js';
import { asCarried, type MessageHeaders, spanned, traceHeaders } from './tracing.js';

/** A row of a service's outbox: everything that is needed to publish it later, without knowing what it means. */
export interface OutboxMessage {
  /** Without the namespace. */
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly messageId: string;
  readonly headers: Record<string, string>;
}

/**
 * The row for an event; it carries the trace of whoever writes it, not of the relay.
 * @param headers where the writer writes for several: those of the one whose event this is
 */
export function outboxMessage<E extends Stamped>(
  contract: Contract<E>,
  event: E,
  messageId: string = event.meta.eventId,
  headers: MessageHeaders = traceHeaders(),
): OutboxMessage {
  assert(contract.stream !== null, `${contract.name} travels over core NATS and has no outbox`);
  return { subject: contract.route(event), payload: contract.encode(event), messageId, headers: { ...headers } };
}

/**
 * What the store's outbox relay publishes through: has the shape of its port. Provide it with
 * `{ provide: OutboxPublisher, useExisting: BusOutboxPublisher }`.
 */
export class BusOutboxPublisher {
  constructor(private readonly carrier: Pick<Carrier, 'send'>) {}

  /**
   * Resolves when the stream has the message. Tried once: the relay has many under way, and repeats what was lost in their order.
   * @throws SendFailed
   */
  async publish(subject: string, payload: Uint8Array, headers: MessageHeaders, messageId: string): Promise<void> {
    const relay = () => {
      const carried = isTraced() ? { ...headers, ...traceHeaders() } : headers;
      return this.carrier.send({ subject, payload, headers: carried }, messageId, 1);
    };
    const attributes = { 'messaging.destination.name': subject, 'messaging.message.id': messageId };
    await (headers['traceparent'] === undefined
      ? relay()
      : asCarried(headers, {}, () => spanned('send', { template: templateOf(subject), attributes }, relay)));
  }
}

const kindPattern = /^.*?\.v\d+(?=\.|$)/;
const templates = new Map(registeredMessages.map(({ subject }) => [kindPattern.exec(subject)?.[0], subject]));

/** `order.changed.v1.{account}` of `order.changed.v1.demo`. */
const templateOf = (subject: string): string => templates.get(kindPattern.exec(subject)?.[0]) ?? 'outbox';
