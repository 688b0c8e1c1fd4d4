import type { JournalPage, JournalRequest } from '@scalpstorm/contracts';
import type { WallClock } from '@scalpstorm/observability';
import type { Store } from '@scalpstorm/store';
import { type JournalBounds, JournalStore } from '../ports/journal-store.js';

/** Of one answer: less than what a message may hold. */
const charactersMax = 400_000;
const dayUs = 24 * 60 * 60 * 1e6;
const pruneBatch = 1_000;
const pruneBatchesMax = 100;

export class PostgresJournal extends JournalStore {
  constructor(
    private readonly store: Store,
    private readonly clock: WallClock,
  ) {
    super();
  }

  async page({ userId, botId, after, limit }: JournalRequest): Promise<JournalPage> {
    const rows = await this.store.sql<{ number: number; entry: string; size: string }[]>`
      select number, entry, sum(length(entry)) over (order by number) as size from (
        select number, entry from journal where bot_id = ${botId} and number > ${after}
           and exists (select 1 from bots where id = ${botId} and user_id = ${userId} and deleted_at_us is null)
         order by number limit ${limit + 1}) page order by number`;
    const fitting = rows.filter(({ size }, place) => place === 0 || Number(size) <= charactersMax).slice(0, limit);
    return { rows: fitting.map(({ number, entry }) => ({ number, entry })), hasMore: fitting.length < rows.length };
  }

  async prune({ days, rowsMax }: JournalBounds): Promise<number> {
    const before = this.clock.now() - days * dayUs;
    let forgotten = 0;
    for (let batch = 0; batch < pruneBatchesMax; batch += 1) {
      const { count } = await this.store.sql`
        delete from journal where (bot_id, number) in (
          select journal.bot_id, journal.number from bots
           cross join lateral (select max(number) as last from journal where bot_id = bots.id) newest
           cross join lateral (
             select max(number) as first from journal where bot_id = bots.id and begins
                and (number <= newest.last - ${rowsMax} or at_us < ${before})) kept
            join journal on journal.bot_id = bots.id
             and (journal.number < kept.first or bots.deleted_at_us is not null)
           limit ${pruneBatch})`;
      forgotten += count;
      if (count < pruneBatch) break;
    }
    return forgotten;
  }
}
