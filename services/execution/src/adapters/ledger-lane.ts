import { traceHeaders } from '@scalpstorm/bus';
import { createOrder } from '@scalpstorm/engine';
import { assert, BrokenInvariant } from '@scalpstorm/kernel';
import type { ClientOrderId, Fill, OrderEvent, OrderRequest } from '@scalpstorm/model';
import { outOfContext } from '@scalpstorm/observability';
import { CommitUnknown } from '@scalpstorm/store';
import type { Books, KnownOrder } from '../domain/books.js';
import { earlyCancel, endedBeforeSent } from '../domain/early-cancel.js';
import { contentOf, tradeKey } from '../domain/fill-content.js';
import { foldEvents } from '../domain/fold.js';
import { exceedsHeld, exceedsPosition } from '../domain/held.js';
import { quoteOf, type TrackedOrder } from '../domain/order-row.js';
import { StagedBatch, type StagedCause } from '../domain/staged-batch.js';
import type { CancelWish, Change, Recorded } from '../ports/ledger.js';

/** More than this in one transaction would make the first in the batch wait for the last. */
const batchMax = 256;
/** Past this the lane refuses: whoever asks gets weather and tries again. */
const queueMax = 20_000;
/** A batch is decided anew when the database knew more than memory; it can know each of its orders and each of its fills. */
const decisionsMax = 4;

/** What became of a batch. Nothing of it is written unless it is `committed`. */
export type CommitAnswer =
  | { readonly kind: 'committed' }
  | {
      readonly kind: 'known-already';
      /** Orders that were taken for new. */
      readonly orders: readonly ClientOrderId[];
      /** Trades that were taken for new, as they are booked. */
      readonly fills: readonly Fill[];
    };

/** What the lane needs from the database. */
export interface LaneStorage {
  /** Those that exist, in one query. */
  load(clientOrderIds: readonly ClientOrderId[]): Promise<readonly KnownOrder[]>;
  /** One transaction: fence, orders, events, fills, positions, sums, outbox; or nothing at all. */
  commit(batch: StagedBatch): Promise<CommitAnswer>;
  /** What was committed is the truth of the books from now on. Must not throw. */
  installed?(batch: StagedBatch): void;
}

interface Job {
  readonly clientOrderId: ClientOrderId;
  /** A new order is written at once: if the database knows it after all, nothing is written and it is decided again. */
  readonly fresh: boolean;
  stage(batch: StagedBatch): () => void;
  reject(cause: unknown): void;
}

/**
 * The one writer of an account. Decisions are taken one after the other in memory, then everything that
 * waited is committed in one transaction; nobody is answered before his commit.
 *
 * A broken invariant, and a commit of which nobody knows whether it happened, end the process: what memory holds can not be
 * trusted any more, and start-up is recovery. The lane does nothing more from then on.
 */
export class LedgerLane {
  private readonly queue: Job[] = [];
  private running = false;
  private idle: Promise<void> = Promise.resolve();
  private dead: Error | null = null;

  constructor(
    private readonly books: Books,
    private readonly storage: LaneStorage,
    private readonly die: (cause: Error) => void,
  ) {}

  admit(request: OrderRequest, change: Change): Promise<{ tracked: TrackedOrder; fresh: boolean }> {
    const headers = traceHeaders();
    return this.submit(request.clientOrderId, true, (batch) => {
      const known = batch.order(request.clientOrderId);
      if (known) return { tracked: known.tracked, fresh: false };
      const now = this.books.now();
      const blank: TrackedOrder = {
        order: createOrder(request, quoteOf(request.instrumentId), now),
        attempt: 0,
        requestExpiresAt: null,
      };
      const told = { events: eventsOf(request, change, batch) };
      const folded = foldEvents(blank, told, (fill) => batch.bookedAs(null, fill), now);
      assert(folded.refused.length === 0, `a new order refused ${folded.refused[0]?.fault.kind}`);
      batch.stage(folded, { ...change, headers });
      return { tracked: folded.tracked, fresh: true };
    });
  }

  record(change: Change): Promise<Recorded | null> {
    const caused = { ...change, headers: traceHeaders() };
    return this.submit(change.clientOrderId, false, (batch) => this.stageRecord(caused, batch));
  }

  /** Null: there is no such order yet; the cancel is remembered and ends it when it comes. */
  requestCancel({ clientOrderId, cancelReason, causedBy, requestedAt }: CancelWish): Promise<Recorded | null> {
    const headers = traceHeaders();
    return this.submit(clientOrderId, false, (batch) => {
      const events: OrderEvent[] = [{ kind: 'cancel-requested', cancelReason }];
      const recorded = this.stageRecord({ clientOrderId, events, occurredAt: requestedAt, causedBy, headers }, batch);
      if (recorded !== null || batch.cancel(clientOrderId) !== null) return recorded;
      batch.stageCancel(earlyCancel({ clientOrderId, cancelReason, causedBy, requestedAt }, this.books.now()));
      return null;
    });
  }

  async find(clientOrderId: ClientOrderId): Promise<KnownOrder | null> {
    if (!this.books.order(clientOrderId)) await this.remember([clientOrderId]);
    return this.books.order(clientOrderId);
  }

  /** Resolves when everything that was submitted so far is committed or refused. */
  async drain(): Promise<void> {
    await this.idle;
  }

  private stageRecord(change: Change & StagedCause, batch: StagedBatch): Recorded | null {
    const known = batch.order(change.clientOrderId);
    if (!known) return null;
    const bookedAs = (fill: Fill) => batch.bookedAs(known, fill);
    const folded = foldEvents(known.tracked, change, bookedAs, this.books.now());
    if (folded.applied.length > 0) batch.stage(folded, change);
    return { tracked: folded.tracked, applied: folded.applied.length, refused: folded.refused };
  }

  private submit<T>(clientOrderId: ClientOrderId, fresh: boolean, stage: (batch: StagedBatch) => T): Promise<T> {
    if (this.dead !== null) return Promise.reject(this.dead);
    if (this.queue.length >= queueMax) return Promise.reject(new LaneFull());
    return new Promise<T>((resolve, reject) => {
      this.queue.push({
        clientOrderId,
        fresh,
        stage: (batch) => {
          const value = stage(batch);
          return () => resolve(value);
        },
        reject,
      });
      if (!this.running) this.idle = outOfContext(() => this.run());
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.queue.length > 0) await this.runBatch(this.queue.splice(0, batchMax));
    this.running = false;
  }

  private async runBatch(jobs: readonly Job[]): Promise<void> {
    try {
      if (this.dead !== null) throw this.dead;
      await this.remember(jobs.filter((job) => !job.fresh).map((job) => job.clientOrderId));
      for (const answer of await this.decideAndCommit(jobs)) answer();
    } catch (cause) {
      for (const job of jobs) job.reject(cause);
      if (cause instanceof BrokenInvariant || cause instanceof CommitUnknown) this.end(cause);
    }
  }

  private async decideAndCommit(jobs: readonly Job[]): Promise<readonly (() => void)[]> {
    const claimed = new Map<string, string>();
    for (let decision = 0; decision < decisionsMax; decision += 1) {
      const batch = new StagedBatch(this.books, claimed);
      const answers = jobs.map((job) => stageOrBreak(job, batch));
      const commit: CommitAnswer = batch.dirty ? await this.storage.commit(batch) : { kind: 'committed' };
      if (commit.kind === 'committed') {
        batch.install();
        this.storage.installed?.(batch);
        return answers;
      }
      for (const fill of commit.fills) claimed.set(tradeKey(fill), contentOf(fill));
      await this.remember(commit.orders);
    }
    throw new BrokenInvariant('the database knows what it does not show');
  }

  private end(cause: Error): void {
    if (this.dead !== null) return;
    this.dead = cause;
    this.die(cause);
  }

  /** Orders that memory does not have: all of a batch with one question. */
  private async remember(ids: readonly ClientOrderId[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.books.order(id));
    if (missing.length === 0) return;
    for (const loaded of await this.storage.load(missing)) {
      // A commit may have overtaken the question; what it installed is newer.
      if (!this.books.order(loaded.tracked.order.request.clientOrderId)) this.books.remember(loaded);
    }
  }
}

/** A decision is a pure function: whatever it throws is a mistake of ours. */
function stageOrBreak(job: Job, batch: StagedBatch): () => void {
  try {
    return job.stage(batch);
  } catch (cause) {
    if (cause instanceof BrokenInvariant) throw cause;
    throw new BrokenInvariant(`order ${job.clientOrderId} could not be decided`, { cause });
  }
}

/** A cancel that came first ends the order, and so does a close of what is not there any more, whatever else was meant for it. */
function eventsOf(request: OrderRequest, change: Change, batch: StagedBatch): readonly OrderEvent[] {
  const early = batch.cancel(request.clientOrderId);
  if (early === null) {
    const exceeds = change.onlyHeld === true && exceedsHeld(request, batch.heldBy(request), batch.orderings());
    return exceeds ? [{ kind: 'denied', reason: exceedsPosition }] : change.events;
  }
  batch.spendCancel(request.clientOrderId);
  return endedBeforeSent(early);
}

/** Too much waits for one account's writer. */
export class LaneFull extends Error {
  override readonly name = 'LaneFull';
}
