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

/** `later` waits until nothing else is there: news that is told again must not hold up what happens now. */
export type OutboxTurn = 'now' | 'later';

/** A message that the other side refused for good; it is kept in `outbox_refused`. */
export interface RefusedMessage {
  readonly subject: string;
  readonly messageId: string;
  readonly reason: string;
}

/** Messages that become durable together with the state they tell of. */
export class Outbox {
  private readonly listeners = new Set<() => void>();
  private readonly refusalListeners = new Set<(refused: RefusedMessage) => void>();

  constructor(private readonly store: Pick<Store, 'afterCommit'>) {}

  /** Keeps the order of the messages of one turn. The relay is woken when the transaction has committed. */
  async add(tx: Transaction, messages: readonly OutboxMessage[], turn: OutboxTurn = 'now'): Promise<void> {
    if (messages.length === 0) return;
    const subjects = messages.map((message) => message.subject);
    const ids = messages.map((message) => message.messageId);
    const headers = messages.map((message) => JSON.stringify(message.headers));
    const payloads = messages.map((message) => Buffer.from(message.payload).toString('hex'));
    await tx`
      insert into outbox (subject, message_id, headers, payload, later)
      select subject, message_id, headers::jsonb, decode(payload, 'hex'), ${turn === 'later'}::boolean
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

  /** The relay has put a message aside. A crash may swallow the call, never the row. */
  refused(message: RefusedMessage): void {
    for (const listener of this.refusalListeners) listener(message);
  }

  onRefused(listener: (refused: RefusedMessage) => void): void {
    this.refusalListeners.add(listener);
  }
}
