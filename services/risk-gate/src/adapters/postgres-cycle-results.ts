import type { CycleResult } from '@scalpstorm/engine';
import { Timestamp } from '@scalpstorm/kernel';
import { type BotId, type Cycle, type CycleExit, type Mode, Money, type UserId } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { CycleResults, type Span } from '../ports/cycle-results.js';

/** One every nine seconds, all day long. */
const resultsMax = 10_000;

interface ResultRow {
  readonly net: string;
  readonly currency: string;
  readonly exit: CycleExit;
  readonly completed_at_us: string;
}

/** Results of cycles in the schema of risk-gate. */
export class PostgresCycleResults extends CycleResults {
  constructor(private readonly store: Store) {
    super();
  }

  async note(userId: UserId, { botId, number, mode, net, exit, completedAt }: Cycle): Promise<void> {
    await this.store.sql`
      insert into cycle_results (bot_id, number, user_id, mode, net, currency, exit, completed_at_us)
      values (${botId}, ${number}, ${userId}, ${mode}, ${Money.format(net)}, ${net.currency}, ${exit}, ${completedAt})
      on conflict (bot_id, number) do update set net = excluded.net`;
  }

  async ofBot(botId: BotId, { since, until }: Span): Promise<readonly CycleResult[]> {
    const rows = await this.store.sql<ResultRow[]>`
      select net::text, currency, exit, completed_at_us from cycle_results
      where bot_id = ${botId} and completed_at_us between ${since} and ${until}
      order by completed_at_us desc, number desc limit ${resultsMax}`;
    return rows.map(resultOf).reverse();
  }

  async ofUser(userId: UserId, mode: Mode, { since, until }: Span): Promise<readonly CycleResult[]> {
    const rows = await this.store.sql<ResultRow[]>`
      select net::text, currency, exit, completed_at_us from cycle_results
      where user_id = ${userId} and mode = ${mode} and completed_at_us between ${since} and ${until}
      order by completed_at_us desc, bot_id, number desc limit ${resultsMax}`;
    return rows.map(resultOf).reverse();
  }

  async prune(before: Timestamp): Promise<number> {
    const { count } = await this.store.sql`delete from cycle_results where completed_at_us < ${before}`;
    return count;
  }
}

const resultOf = ({ net, currency, exit, completed_at_us: at }: ResultRow): CycleResult => ({
  net: Money.of(net, currency),
  exit,
  completedAt: Timestamp.fromMicros(Number(at)),
});
