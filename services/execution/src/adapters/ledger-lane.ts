import { createOrder } from '@scalpstorm/engine';
import { assert } from '@scalpstorm/kernel';
import type { ClientOrderId, OrderRequest, TradeId } from '@scalpstorm/model';
import { type Books, openBatch, type StagedBatch } from '../domain/books.js';
import { foldEvents } from '../domain/fold.js';
import { quoteOf, type TrackedOrder } from '../domain/order-row.js';
import type { Change, Recorded } from '../ports/ledger.js';

/** More than this in one transaction would make the first in the batch wait for the last. */
const batchMax = 256;
/** Past this the lane refuses: whoever asks gets weather and tries again. */
const queueMax = 20_000;

/** An order as memory or the database has it. */
export interface LoadedOrder {
  readonly tracked: TrackedOrder;
  readonly trades: ReadonlySet<TradeId>;
}

/** What the lane needs from the database. */
export interface LaneStorage {
  /** Those that exist, in one query. */
  load(clientOrderIds: readonly ClientOrderId[]): Promise<readonly LoadedOrder[]>;
  /** One transaction: fence, orders, events, fills, positions, outbox. */
  commit(batch: StagedBatch): Promise<void>;
}

interface Job {
  readonly clientOrderId: ClientOrderId;
  stage(batch: StagedBatch): () => void;
  reject(cause: unknown): void;
}

/**
 * The one writer of an account. Decisions are taken one after the other in memory, then everything that
 * waited is committed in one transaction; nobody is answered before his commit.
 */
export class LedgerLane {
  private readonly queue: Job[] = [];
  private running = false;
  private idle: Promise<void> = Promise.resolve();

  constructor(
    private readonly books: Books,
    private readonly storage: LaneStorage,
    private readonly now: () => ReturnType<Books['now']>,
  ) {}

  admit(request: OrderRequest, change: Change): Promise<{ tracked: TrackedOrder; fresh: boolean }> {
    return this.submit(request.clientOrderId, (batch) => {
      const known = this.known(request.clientOrderId, batch);
      if (known) return { tracked: known.tracked, fresh: false };
      const blank: TrackedOrder = {
        order: createOrder(request, quoteOf(request.instrumentId), this.now()),
        attempt: 0,
        requestExpiresAt: null,
      };
      const folded = foldEvents(blank, change.events, new Set(), this.now());
      assert(folded.refused.length === 0, `a new order refused ${folded.refused[0]?.fault.kind}`);
      batch.stage(folded, new Set(), change);
      return { tracked: folded.tracked, fresh: true };
    });
  }

  record(change: Change): Promise<Recorded | null> {
    return this.submit(change.clientOrderId, (batch) => {
      const known = this.known(change.clientOrderId, batch);
      if (!known) return null;
      const folded = foldEvents(known.tracked, change.events, known.trades, this.now());
      if (folded.applied.length > 0) batch.stage(folded, known.trades, change);
      return { tracked: folded.tracked, applied: folded.applied.length, refused: folded.refused };
    });
  }

  async find(clientOrderId: ClientOrderId): Promise<LoadedOrder | null> {
    if (!this.books.order(clientOrderId)) await this.remember([clientOrderId]);
    return this.books.order(clientOrderId);
  }

  /** Resolves when everything that was submitted so far is committed or refused. */
  async drain(): Promise<void> {
    await this.idle;
  }

  private submit<T>(clientOrderId: ClientOrderId, stage: (batch: StagedBatch) => T): Promise<T> {
    if (this.queue.length >= queueMax) return Promise.reject(new LaneFull());
    return new Promise<T>((resolve, reject) => {
      this.queue.push({
        clientOrderId,
        stage: (batch) => {
          const value = stage(batch);
          return () => resolve(value);
        },
        reject,
      });
      if (!this.running) this.idle = this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.queue.length > 0) await this.runBatch(this.queue.splice(0, batchMax));
    this.running = false;
  }

  private async runBatch(jobs: readonly Job[]): Promise<void> {
    try {
      await this.remember(jobs.map((job) => job.clientOrderId));
      const batch = openBatch(this.books);
      const answers = jobs.flatMap((job) => stagedOrRejected(job, batch) ?? []);
      if (batch.dirty) await this.storage.commit(batch);
      batch.install();
      for (const answer of answers) answer();
    } catch (cause) {
      // A promise that is settled already ignores it.
      for (const job of jobs) job.reject(cause);
    }
  }

  private known(id: ClientOrderId, batch: StagedBatch): LoadedOrder | null {
    return batch.order(id) ?? this.books.order(id);
  }

  /** Orders that memory does not have: all of a batch with one question, because every new order is among them. */
  private async remember(ids: readonly ClientOrderId[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.books.order(id));
    if (missing.length === 0) return;
    for (const loaded of await this.storage.load(missing)) {
      // A commit may have overtaken the question; what it installed is newer.
      if (!this.books.order(loaded.tracked.order.request.clientOrderId)) this.books.remember(loaded);
    }
  }
}

function stagedOrRejected(job: Job, batch: StagedBatch): (() => void) | null {
  try {
    return job.stage(batch);
  } catch (cause) {
    job.reject(cause);
    return null;
  }
}

/** Too much waits for one account's writer. */
export class LaneFull extends Error {
  override readonly name = 'LaneFull';
}
