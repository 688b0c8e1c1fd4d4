import type { Contract } from '@scalpstorm/contracts';
import { assert } from '@scalpstorm/kernel';
import type { Stamped } from './bus.js';
import type { Carrier } from './carried-bus.js';
import { type MessageHeaders, spanned, traceHeaders } from './tracing.js';

/** A row of a service's outbox: everything that is needed to publish it later, without knowing what it means. */
export interface OutboxMessage {
  /** Without the namespace. */
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly messageId: string;
  readonly headers: Record<string, string>;
}

/** The row for an event; it carries the trace of whoever writes it, not of the relay. */
export function outboxMessage<E extends Stamped>(
  contract: Contract<E>,
  event: E,
  messageId: string = event.meta.eventId,
): OutboxMessage {
  assert(contract.stream !== null, `${contract.name} travels over core NATS and has no outbox`);
  return { subject: contract.route(event), payload: contract.encode(event), messageId, headers: traceHeaders() };
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
    const attributes = { 'messaging.message.id': messageId };
    const relay = () => this.carrier.send({ subject, payload, headers }, messageId, 1);
    await spanned('send', { template: 'outbox', attributes }, relay, headers);
  }
}
