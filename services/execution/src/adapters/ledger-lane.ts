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
  load(clientOrderId: ClientOrderId): Promise<LoadedOrder | null>;
  /** One transaction: fence, orders, events, fills, positions, outbox. */
  commit(batch: StagedBatch): Promise<void>;
}

interface Job {
  stage(batch: StagedBatch): Promise<() => void>;
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
    return this.submit(async (batch) => {
      const known = await this.find(request.clientOrderId, batch);
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
    return this.submit(async (batch) => {
      const known = await this.find(change.clientOrderId, batch);
      if (!known) return null;
      const folded = foldEvents(known.tracked, change.events, known.trades, this.now());
      if (folded.applied.length > 0) batch.stage(folded, known.trades, change);
      return { tracked: folded.tracked, applied: folded.applied.length, refused: folded.refused };
    });
  }

  async find(clientOrderId: ClientOrderId, batch?: StagedBatch): Promise<LoadedOrder | null> {
    const known = batch?.order(clientOrderId) ?? this.books.order(clientOrderId);
    if (known) return known;
    const loaded = await this.storage.load(clientOrderId);
    if (loaded) this.books.remember(loaded);
    return loaded;
  }

  /** Resolves when everything that was submitted so far is committed or refused. */
  async drain(): Promise<void> {
    await this.idle;
  }

  private submit<T>(stage: (batch: StagedBatch) => Promise<T>): Promise<T> {
    if (this.queue.length >= queueMax) return Promise.reject(new LaneFull());
    return new Promise<T>((resolve, reject) => {
      this.queue.push({
        stage: async (batch) => {
          const value = await stage(batch);
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
    const batch = openBatch(this.books);
    const answers: (() => void)[] = [];
    const staged: Job[] = [];
    for (const job of jobs) {
      try {
        answers.push(await job.stage(batch));
        staged.push(job);
      } catch (cause) {
        job.reject(cause);
      }
    }
    try {
      if (batch.dirty) await this.storage.commit(batch);
      batch.install();
      for (const answer of answers) answer();
    } catch (cause) {
      for (const job of staged) job.reject(cause);
    }
  }
}

/** Too much waits for one account's writer. */
export class LaneFull extends Error {
  override readonly name = 'LaneFull';
}
