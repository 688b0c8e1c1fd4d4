import { Gathered, type GatheredOptions } from './gathered.js';
import type { Transaction } from './session.js';
import type { Store } from './store.js';

export type GroupCommitOptions = GatheredOptions;

/** Many small writes share one durable transaction, see {@link Gathered}; they are written in the order in which they were submitted. */
export class GroupCommit<T> {
  private readonly writes: Gathered<T, void>;

  /** `write` gets 1 to `batchMax` items and may be run again with the same ones (see {@link Store.transaction}). */
  constructor(
    store: Pick<Store, 'transaction'>,
    write: (tx: Transaction, items: readonly T[]) => Promise<void>,
    options: GroupCommitOptions = {},
  ) {
    this.writes = new Gathered(async (items) => {
      await store.transaction((tx) => write(tx, items));
      return items.map(() => undefined);
    }, options);
  }

  /** Resolves after the commit that contains the item; rejects with what failed its transaction, together with all its members. */
  submit(item: T): Promise<void> {
    return this.writes.ask(item);
  }

  /** Resolves when everything submitted so far has been decided. */
  settled(): Promise<void> {
    return this.writes.settled();
  }
}
