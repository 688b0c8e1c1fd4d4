import { StoreBusy } from './errors.js';
import type { Transaction } from './session.js';
import type { Store } from './store.js';

export interface GroupCommitOptions {
  /** Items in one transaction. Default: 256. */
  readonly batchMax?: number;
  /** Items that may wait; more are refused with {@link StoreBusy}. Default: 10 000. */
  readonly waitingMax?: number;
}

interface Waiting<T> {
  readonly item: T;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Many small writes share one durable transaction: it starts with the next microtask when nothing is being written, and while one is being written
 * the next batch gathers. Items are written in the order in which they were submitted.
 */
export class GroupCommit<T> {
  private readonly waiting: Waiting<T>[] = [];
  private readonly batchMax: number;
  private readonly waitingMax: number;
  private running: Promise<void> | undefined;

  /** `write` gets 1 to `batchMax` items and may be run again with the same ones (see {@link Store.transaction}). */
  constructor(
    private readonly store: Pick<Store, 'transaction'>,
    private readonly write: (tx: Transaction, items: readonly T[]) => Promise<void>,
    { batchMax = 256, waitingMax = 10_000 }: GroupCommitOptions = {},
  ) {
    this.batchMax = batchMax;
    this.waitingMax = waitingMax;
  }

  /** Resolves after the commit that contains the item; rejects with what failed its transaction, together with all its members. */
  submit(item: T): Promise<void> {
    if (this.waiting.length >= this.waitingMax) {
      return Promise.reject(new StoreBusy(`${this.waitingMax} writes are waiting for the database`));
    }
    const result = new Promise<void>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
    });
    this.running ??= this.run();
    return result;
  }

  /** Resolves when everything submitted so far has been decided. */
  async settled(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    // What is submitted in this turn of the event loop goes together.
    await null;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.batchMax);
      const items = batch.map((member) => member.item);
      try {
        await this.store.transaction((tx) => this.write(tx, items));
        for (const member of batch) member.resolve();
      } catch (error) {
        for (const member of batch) member.reject(error);
      }
    }
    this.running = undefined;
  }
}
