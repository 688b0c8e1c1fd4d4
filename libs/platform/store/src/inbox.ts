import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Log } from '@scalpstorm/observability';
import type { Transaction } from './session.js';
import type { Store } from './store.js';

/** Longer than any stream keeps a message, so that nothing forgotten can come again. */
const keptDays = 14;
const pruneEveryMs = 60 * 60 * 1_000;
const pruneBatch = 1_000;
const pruneBatchesMax = 100;

/** Remembers which events this service has acted on, in the transaction in which it acted. */
export class Inbox implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Store,
    private readonly log: Log,
  ) {}

  /**
   * True the first time; false when a committed transaction has had this id before. A concurrent transaction with the same id waits
   * for the first to end. A service in which two handlers act on one event gives each its own id: `${handler}:${eventId}`.
   */
  async fresh(tx: Transaction, eventId: string): Promise<boolean> {
    const inserted = await tx`insert into inbox (event_id) values (${eventId}) on conflict (event_id) do nothing`;
    return inserted.count === 1;
  }

  /** The same of many at once: those of which no committed transaction has had the id before, each once. */
  async freshAmong(tx: Transaction, eventIds: readonly string[]): Promise<readonly string[]> {
    // In one order, so that two who ask for the same ones wait for one another and never in a circle.
    const inserted = await tx<{ event_id: string }[]>`
      insert into inbox (event_id) select * from unnest(${[...new Set(eventIds)].sort()}::text[])
      on conflict (event_id) do nothing returning event_id`;
    return inserted.map(({ event_id: id }) => id);
  }

  /** Forgets what is older than the given days, in bounded steps. Returns how many. */
  async prune(days: number = keptDays): Promise<number> {
    let forgotten = 0;
    for (let batch = 0; batch < pruneBatchesMax; batch += 1) {
      const { count } = await this.store.sql`
        delete from inbox where event_id in (
          select event_id from inbox where seen_at < now() - make_interval(days => ${days}) order by seen_at limit ${pruneBatch})`;
      forgotten += count;
      if (count < pruneBatch) break;
    }
    return forgotten;
  }

  onApplicationBootstrap(): void {
    const prune = () => {
      this.prune().catch((error: unknown) => this.log.warn({ error }, 'the inbox could not be pruned'));
    };
    this.timer = setInterval(prune, pruneEveryMs);
    prune();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
