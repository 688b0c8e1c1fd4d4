import type { Transaction } from './session.js';
import type { Store } from './store.js';

/** A message that leaves after the transaction that wrote it has committed, once or (after a crash) more than once under its one id. */
export interface OutboxMessage {
  /** Without the namespace. */
  readonly subject: string;
  readonly payload: Uint8Array;
  /** The receiver's side drops repetitions by it. */
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Messages that become durable together with the state they tell of. */
export class Outbox {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly store: Pick<Store, 'afterCommit'>) {}

  /** Keeps the order of the messages. The relay is woken when the transaction has committed. */
  async add(tx: Transaction, messages: readonly OutboxMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const subjects = messages.map((message) => message.subject);
    const ids = messages.map((message) => message.messageId);
    const headers = messages.map((message) => JSON.stringify(message.headers));
    const payloads = messages.map((message) => Buffer.from(message.payload).toString('hex'));
    await tx`
      insert into outbox (subject, message_id, headers, payload)
      select subject, message_id, headers::jsonb, decode(payload, 'hex')
      from unnest(${subjects}::text[], ${ids}::text[], ${headers}::text[], ${payloads}::text[])
        with ordinality as given (subject, message_id, headers, payload, position)
      order by position`;
    this.store.afterCommit(tx, () => this.wake());
  }

  /** Tells the relay to look now instead of at its next sweep. */
  wake(): void {
    for (const listener of this.listeners) listener();
  }

  onWake(listener: () => void): void {
    this.listeners.add(listener);
  }
}
