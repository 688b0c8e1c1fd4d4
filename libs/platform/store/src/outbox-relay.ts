import { createHash } from 'node:crypto';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { HealthRegistry, Log, Metrics } from '@scalpstorm/observability';
import type { Outbox, RefusedMessage } from './outbox.js';
import type { OutboxPublisher } from './outbox-publisher.js';
import { RefusalCount } from './refusal-count.js';
import type { Transaction } from './session.js';
import type { Store } from './store.js';

export interface OutboxRelayOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly publisher: OutboxPublisher;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: HealthRegistry;
  /** No message is begun any more when a batch took so long: its transaction is open all the while. */
  readonly batchMs?: number;
}

interface OutboxRow {
  readonly seq: bigint;
  readonly subject: string;
  readonly messageId: string;
  readonly headers: Record<string, string>;
  readonly payload: Uint8Array;
  readonly later: boolean;
}

/** What became of the rows of one batch. */
interface Batch {
  readonly published: readonly OutboxRow[];
  readonly aside: readonly { readonly row: OutboxRow; readonly reason: string }[];
  /** There is more to publish at once. */
  readonly more: boolean;
  /** Why the next row could not be published; it is tried again. */
  readonly failure?: unknown;
}

const nothing: Batch = { published: [], aside: [], more: false };

const batchMax = 256;
/** Messages under way at the same time. */
const windowMax = 64;
/** Of messages that may wait, so that one which comes meanwhile waits for no more than these. */
const batchLaterMax = 10;
/** With the longest wait for one acknowledgement far below the 60 s after which the server ends an idle transaction. */
const batchMsUsual = 5_000;
const sweepMs = 1_000;
const publishMs = 10_000;
/** A relay that stands still in its batch holds the lock: its successor waits for no more than a batch may take. */
const idleMarginMs = 1_000;
const backoffFirstMs = 100;
const backoffMaxMs = 10_000;
/** More are counted as this many: a count of everything would itself become slow when the outbox is long. */
const depthMax = 10_000;
/** One late acknowledgement is no news: it is made good by the next attempt. */
const tellAfter = 2;
const reasonDepthMax = 3;
const reasonMax = 500;

/**
 * Publishes what committed transactions left in the outbox: in the order of `seq`, a window of them under way at a time, each deleted
 * after its acknowledgement; what may wait leaves one by one when nothing else is there. After a failure it goes on from the first that
 * was not acknowledged, alone until one is. What is refused for good is put aside and told, so that it does
 * not stop everything behind it. An advisory lock keeps it single when two processes of a service overlap.
 *
 * The other side takes a window in its order, because one connection carries it. Only where it drops a message and takes a later one
 * of the same window does the first come after the second: whoever hears versions of one thing must not go back to an older one.
 * Sequence numbers are given before the
 * commit, so transactions that commit out of their turn are published in the order in which they become visible; writers that need
 * one order share a row lock or a single writer, as every aggregate here does.
 */
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly lockKey: bigint;
  private readonly depth;
  private readonly oldestAge;
  private readonly refusedOpen;
  private readonly refusals = new RefusalCount();
  private refusedCount = 0;
  private measuredAt = Number.NEGATIVE_INFINITY;
  private woken = false;
  private stopped = false;
  private failures = 0;
  /** The last one was not acknowledged: whether anything is taken again is tried with one message. */
  private probing = false;
  private lastError: Error | undefined;
  private endWait: () => void = () => undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly options: OutboxRelayOptions) {
    const { store, outbox, metrics, health } = options;
    this.lockKey = createHash('sha256').update(`scalpstorm-outbox:${store.schema}`).digest().readBigInt64BE(0);
    this.depth = metrics.gauge({
      name: 'outbox_depth',
      help: `Messages that wait to be published, up to ${depthMax}.`,
    });
    this.oldestAge = metrics.gauge({ name: 'outbox_oldest_age_seconds', help: 'Age of the oldest waiting message.' });
    this.refusedOpen = metrics.gauge({
      name: 'outbox_refused',
      help: 'Messages that were refused for good and put aside, until a person has closed them.',
    });
    outbox.onWake(() => {
      this.woken = true;
      if (this.failures === 0) this.endWait();
    });
    health.register('outbox', () => this.healthy(), { critical: false });
  }

  private get batchMs(): number {
    return this.options.batchMs ?? batchMsUsual;
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Ends after the batch in hand; what is left is published at the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.endWait();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.woken = false;
      const more = await this.drainOnce();
      if (this.failures > 0) await this.wait(Math.min(backoffFirstMs * 2 ** (this.failures - 1), backoffMaxMs));
      else if (!more && !this.woken) await this.wait(sweepMs);
    }
  }

  /** One batch; failures are counted, told once when they begin, and never end the relay. True when there is more at once. */
  private async drainOnce(): Promise<boolean> {
    try {
      const more = await this.relayBatch();
      if (this.failures >= tellAfter)
        this.options.log.info({ failures: this.failures }, 'the outbox is published again');
      this.failures = 0;
      this.lastError = undefined;
      // At most once a sweep: two questions for every batch would be as much work as the batch.
      if (performance.now() - this.measuredAt >= sweepMs) await this.measure();
      return more;
    } catch (error) {
      this.failures += 1;
      this.lastError = error instanceof Error ? error : new Error(String(error));
      if (this.failures === tellAfter)
        this.options.log.warn({ error }, 'the outbox cannot be published and is tried again');
      await this.measure().catch(() => undefined);
      return false;
    }
  }

  private async relayBatch(): Promise<boolean> {
    const { aside, more, failure } = await this.options.store.transaction(async (tx) => {
      const [, [lock], rows] = await Promise.all([
        // A deletion that a crash undoes only makes the message come again under its id; no disk is waited for.
        tx`select set_config('synchronous_commit', 'off', true),
                  set_config('idle_in_transaction_session_timeout', ${`${this.batchMs + publishMs + idleMarginMs}`}, true)`,
        tx<{ held: boolean }[]>`select pg_try_advisory_xact_lock(${this.lockKey}) as held`,
        tx<OutboxRow[]>`
          select seq, subject, message_id as "messageId", headers, payload, later
            from outbox order by later, seq limit ${batchMax}`,
      ]);
      if (lock?.held !== true) return nothing;
      const batch = await this.publishRows(rows);
      await this.keepAside(tx, batch);
      // As texts: the client takes an array of bigint for one bigint.
      const gone = [...batch.published, ...batch.aside.map(({ row }) => row)].map(({ seq }) => String(seq));
      if (gone.length > 0) await tx`delete from outbox where seq = any(${gone}::text[]::bigint[])`;
      return batch;
    });
    // The next one begins with patience of its own.
    if (aside.length > 0) this.failures = 0;
    for (const { row, reason } of aside) this.tellRefused({ subject: row.subject, messageId: row.messageId, reason });
    if (failure !== undefined) throw failure;
    return more;
  }

  private async publishRows(rows: readonly OutboxRow[]): Promise<Batch> {
    const began = performance.now();
    const published: OutboxRow[] = [];
    const aside: { row: OutboxRow; reason: string }[] = [];
    let failure: unknown;
    let later = 0;
    for (let next = 0; next < rows.length && failure === undefined; ) {
      const isLong = performance.now() - began >= this.batchMs;
      const yields = rows[next]?.later === true && (this.woken || later >= batchLaterMax);
      if (next > 0 && (isLong || yields)) return { published, aside, more: true };
      const window = this.windowOf(rows, next);
      next += window.length;
      const answers = await Promise.allSettled(window.map((row) => this.publish(row)));
      for (const [place, row] of window.entries()) {
        const answer = answers[place];
        if (answer?.status === 'fulfilled') {
          this.refusals.acknowledged();
          published.push(row);
          if (row.later) later += 1;
          // One refusal after another is counted of the same message; what else failed behind it comes again anyway.
        } else if (failure === undefined) {
          if (this.refusals.isFinal(row.seq, answer?.reason)) aside.push({ row, reason: reasonOf(answer?.reason) });
          else failure = answer?.reason;
        }
      }
      this.probing = failure !== undefined;
    }
    return { published, aside, more: failure === undefined && rows.length === batchMax, failure };
  }

  private windowOf(rows: readonly OutboxRow[], from: number): readonly OutboxRow[] {
    if (this.probing || rows[from]?.later === true) return rows.slice(from, from + 1);
    const window = rows.slice(from, from + windowMax);
    const end = window.findIndex((row) => row.later);
    return end === -1 ? window : window.slice(0, end);
  }

  private async keepAside(tx: Transaction, { aside }: Batch): Promise<void> {
    for (const { row, reason } of aside) {
      await tx`insert into outbox_refused (seq, subject, message_id, headers, payload, created_at, reason)
        select seq, subject, message_id, headers, payload, created_at, ${reason} from outbox where seq = ${String(row.seq)}`;
    }
  }

  private tellRefused(refused: RefusedMessage): void {
    const words = 'a message was refused for good and put aside; it is kept in outbox_refused until a person closes it';
    this.options.log.error({ ...refused }, words);
    this.options.outbox.refused(refused);
  }

  private async publish({ subject, payload, headers, messageId }: OutboxRow): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no acknowledgement of ${subject} within ${publishMs} ms`)), publishMs);
    });
    try {
      await Promise.race([this.options.publisher.publish(subject, payload, headers, messageId), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async measure(): Promise<void> {
    const [state] = await this.options.store.sql<{ depth: bigint; age: number | null }[]>`
      select count(*) as depth, extract(epoch from now() - min(created_at))::float8 as age
      from (select created_at from outbox order by seq limit ${depthMax}) as waiting`;
    const [refused] = await this.options.store.sql<{ count: number }[]>`
      select count(*)::int as count from outbox_refused where closed_at is null`;
    this.depth.set(Number(state?.depth ?? 0n));
    this.oldestAge.set(Math.max(0, state?.age ?? 0));
    this.refusedCount = refused?.count ?? 0;
    this.refusedOpen.set(this.refusedCount);
    this.measuredAt = performance.now();
  }

  private async healthy(): Promise<void> {
    if (this.lastError !== undefined) throw this.lastError;
    if (this.refusedCount > 0)
      throw new Error(`${this.refusedCount} messages were refused for good: see outbox_refused`);
  }

  private wait(ms: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** With its causes: what was refused is said by the innermost. */
function reasonOf(error: unknown): string {
  const texts: string[] = [];
  for (let cause = error; cause instanceof Error && texts.length < reasonDepthMax; cause = cause.cause)
    texts.push(cause.message);
  return texts.join(': ').slice(0, reasonMax);
}
