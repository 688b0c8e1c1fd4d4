import type { CycleResult } from '@scalpstorm/engine';
import { Timestamp } from '@scalpstorm/kernel';
import { type AccountId, type BotId, type Cycle, type CycleExit, Money, type UserId } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { CycleResults, type ResultsCircle, type Span } from '../ports/cycle-results.js';

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

  async note(userId: UserId, cycle: Cycle, accountId: AccountId | null = null): Promise<void> {
    const { botId, number, instrumentId, mode, net, exit, completedAt } = cycle;
    await this.store.sql`
      insert into cycle_results
        (bot_id, number, user_id, account_id, instrument_id, mode, net, currency, exit, completed_at_us)
      values (${botId}, ${number}, ${userId}, ${accountId}, ${instrumentId}, ${mode}, ${Money.format(net)},
        ${net.currency}, ${exit}, ${completedAt})
      on conflict (bot_id, number) do update set net = excluded.net`;
  }

  async ofBot(botId: BotId, { since, until }: Span): Promise<readonly CycleResult[]> {
    const rows = await this.store.sql<ResultRow[]>`
      select net::text, currency, exit, completed_at_us from cycle_results
      where bot_id = ${botId} and completed_at_us between ${since} and ${until}
      order by completed_at_us desc, number desc limit ${resultsMax}`;
    return rows.map(resultOf).reverse();
  }

  async within(circle: ResultsCircle, span: Span): Promise<readonly CycleResult[]> {
    const rows = await this.store.sql<ResultRow[]>`
      select net::text, currency, exit, completed_at_us from cycle_results
      where ${this.isWithin(circle, span)}
      order by completed_at_us desc, bot_id, number desc limit ${resultsMax}`;
    return rows.map(resultOf).reverse();
  }

  async summedWith(cycle: Cycle, circle: ResultsCircle, span: Span): Promise<readonly CycleResult[]> {
    const rows = await this.store.sql<Pick<ResultRow, 'net' | 'currency'>[]>`
      select sum(net)::text as net, currency from cycle_results
      where ${this.isWithin(circle, span)} and (bot_id, number) <> (${cycle.botId}, ${cycle.number})
      group by currency`;
    const { net, exit, completedAt } = cycle;
    const others = rows.map((row) => ({ net: Money.of(row.net, row.currency), exit, completedAt }));
    return [...others, { net, exit, completedAt }];
  }

  private isWithin({ mode, accountId, userId, instrumentId }: ResultsCircle, { since, until }: Span) {
    const { sql } = this.store;
    return sql`mode = ${mode} and completed_at_us between ${since} and ${until}
      ${accountId === undefined ? sql`` : sql`and account_id = ${accountId}`}
      ${userId === undefined ? sql`` : sql`and user_id = ${userId}`}
      ${instrumentId === undefined ? sql`` : sql`and instrument_id = ${instrumentId}`}`;
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
