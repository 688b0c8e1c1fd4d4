import { createHash } from 'node:crypto';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { HealthRegistry, Log, Metrics } from '@scalpstorm/observability';
import type { Outbox } from './outbox.js';
import type { OutboxPublisher } from './outbox-publisher.js';
import type { Store } from './store.js';

export interface OutboxRelayOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly publisher: OutboxPublisher;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: HealthRegistry;
}

interface OutboxRow {
  readonly seq: bigint;
  readonly subject: string;
  readonly messageId: string;
  readonly headers: Record<string, string>;
  readonly payload: Uint8Array;
}

const batchMax = 100;
const sweepMs = 1_000;
const publishMs = 10_000;
const backoffFirstMs = 100;
const backoffMaxMs = 10_000;
/** More are counted as this many: a count of everything would itself become slow when the outbox is long. */
const depthMax = 10_000;

/**
 * Publishes what committed transactions left in the outbox: in the order of `seq`, one at a time, each deleted after its
 * acknowledgement. An advisory lock keeps it single when two processes of a service overlap. Sequence numbers are given before the
 * commit, so transactions that commit out of their turn are published in the order in which they become visible; writers that need
 * one order share a row lock or a single writer, as every aggregate here does.
 */
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly lockKey: bigint;
  private readonly depth;
  private readonly oldestAge;
  private woken = false;
  private stopped = false;
  private failures = 0;
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
    outbox.onWake(() => {
      this.woken = true;
      if (this.failures === 0) this.endWait();
    });
    health.register('outbox', () => this.healthy(), { critical: false });
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
      const published = await this.drainOnce();
      if (this.failures > 0) await this.wait(Math.min(backoffFirstMs * 2 ** (this.failures - 1), backoffMaxMs));
      else if (published < batchMax && !this.woken) await this.wait(sweepMs);
    }
  }

  /** One batch; failures are counted, told once when they begin, and never end the relay. */
  private async drainOnce(): Promise<number> {
    try {
      const published = await this.relayBatch();
      if (this.failures > 0) this.options.log.info({ failures: this.failures }, 'the outbox is published again');
      this.failures = 0;
      this.lastError = undefined;
      if (!this.woken) await this.measure();
      return published;
    } catch (error) {
      this.failures += 1;
      this.lastError = error instanceof Error ? error : new Error(String(error));
      if (this.failures === 1) this.options.log.warn({ error }, 'the outbox cannot be published and is tried again');
      await this.measure().catch(() => undefined);
      return 0;
    }
  }

  private async relayBatch(): Promise<number> {
    let failure: unknown;
    const published = await this.options.store.transaction(async (tx) => {
      failure = undefined;
      const [, [lock], rows] = await Promise.all([
        // A deletion that a crash undoes only makes the message come again under its id; no disk is waited for.
        tx`set local synchronous_commit = off`,
        tx<{ held: boolean }[]>`select pg_try_advisory_xact_lock(${this.lockKey}) as held`,
        tx<OutboxRow[]>`
          select seq, subject, message_id as "messageId", headers, payload from outbox order by seq limit ${batchMax}`,
      ]);
      if (lock?.held !== true) return 0;
      // As texts: the client takes an array of bigint for one bigint.
      const acknowledged: string[] = [];
      for (const row of rows) {
        try {
          await this.publish(row);
        } catch (error) {
          failure = error;
          break;
        }
        acknowledged.push(String(row.seq));
      }
      if (acknowledged.length > 0) await tx`delete from outbox where seq = any(${acknowledged}::text[]::bigint[])`;
      return acknowledged.length;
    });
    if (failure !== undefined) throw failure;
    return published;
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
    this.depth.set(Number(state?.depth ?? 0n));
    this.oldestAge.set(Math.max(0, state?.age ?? 0));
  }

  private async healthy(): Promise<void> {
    if (this.lastError !== undefined) throw this.lastError;
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
