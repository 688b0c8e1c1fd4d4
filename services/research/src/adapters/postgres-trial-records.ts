import type { TrialsMade } from '@scalpstorm/backtest';
import type { ResearchJob } from '@scalpstorm/contracts';
import type { UserId } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { type Search, type Trial, TrialRecords, type TriedRows } from '../ports/trial-records.js';

/** What searches and backtests tried, in the schema of research. */
export class PostgresTrialRecords extends TrialRecords {
  constructor(private readonly store: Store) {
    super();
  }

  async ofJob({ sequence }: ResearchJob): Promise<readonly TriedRows[]> {
    return await this.store.sql<TriedRows[]>`select ground, rows from tried where job = ${sequence} order by chunk`;
  }

  keep(job: ResearchJob, { strategy, timeframe, ground }: Search, trials: readonly Trial[]): Promise<boolean> {
    const ran = trials.filter(({ tried }) => 'figures' in tried);
    return this.store.transaction(async (tx) => {
      const [mine] = await tx`
        select 1 from jobs where sequence = ${job.sequence} and state = 'running' and attempts = ${job.attempts}
        for update`;
      if (mine === undefined) return false;
      await tx`
        insert into tried (job, chunk, ground, rows)
        select ${job.sequence}, coalesce(max(chunk) + 1, 0), ${ground}, ${JSON.stringify(trials)}
        from tried where job = ${job.sequence}`;
      // Twice in one statement is once: the same combination over two stretches.
      await tx`
        insert into trials (user_id, strategy, trial, timeframe, sharpe_per_bar)
        select ${job.userId}, ${strategy}, decode(id, 'hex'), ${timeframe}, max(sharpe)
        from unnest(${ran.map(({ id }) => id)}::text[], ${ran.map(({ sharpePerBar }) => sharpePerBar)}::double precision[])
          as made (id, sharpe)
        group by id order by id
        on conflict (user_id, strategy, trial) do update set sharpe_per_bar = excluded.sharpe_per_bar
        where trials.sharpe_per_bar is null and excluded.sharpe_per_bar is not null`;
      return true;
    });
  }

  async made(userId: UserId, { strategy, timeframe }: Search): Promise<TrialsMade> {
    const [row] = await this.store.sql<{ count: bigint; sharpes: bigint; total: number; squares: number }[]>`
      select sum(trials)::bigint as count,
        coalesce(sum(sharpes) filter (where timeframe = ${timeframe}), 0)::bigint as sharpes,
        coalesce(sum(total) filter (where timeframe = ${timeframe}), 0)::double precision as total,
        coalesce(sum(squares) filter (where timeframe = ${timeframe}), 0)::double precision as squares
      from (${this.sums(userId, strategy)} union all
        select timeframe, trials, sharpes, total, squares from trial_sums
        where user_id = ${userId} and strategy = ${strategy}) made`;
    if (row === undefined) return { count: 0, variance: 0 };
    const sharpes = Number(row.sharpes);
    const variance = (row.squares - row.total ** 2 / Math.max(1, sharpes)) / Math.max(1, sharpes - 1);
    return { count: Number(row.count ?? 0n), variance: Math.max(0, variance) };
  }

  async tidy(trialsPerUserMax: number): Promise<void> {
    await this.store.statement(
      (sql) => sql`
        delete from tried using jobs where jobs.sequence = tried.job and jobs.finished_at is not null`,
    );
    await this.store.statement(
      (sql) => sql`
        with edges as (
          select user_id, (
            select sequence from trials one where one.user_id = many.user_id
            order by sequence desc offset ${trialsPerUserMax} limit 1
          ) as last
          from (select user_id from trials group by user_id having count(*) > ${trialsPerUserMax}) many
        ), gone as (
          delete from trials using edges
          where trials.user_id = edges.user_id and trials.sequence <= edges.last
          returning trials.*
        )
        insert into trial_sums (user_id, strategy, timeframe, trials, sharpes, total, squares)
        select user_id, strategy, timeframe, count(*), count(sharpe_per_bar), coalesce(sum(sharpe_per_bar), 0),
          coalesce(sum(sharpe_per_bar ^ 2), 0)
        from gone group by user_id, strategy, timeframe
        on conflict (user_id, strategy, timeframe) do update set
          trials = trial_sums.trials + excluded.trials, sharpes = trial_sums.sharpes + excluded.sharpes,
          total = trial_sums.total + excluded.total, squares = trial_sums.squares + excluded.squares`,
    );
  }

  private sums(userId: string, strategy: string) {
    return this.store.sql`
      select timeframe, count(*) as trials, count(sharpe_per_bar) as sharpes, sum(sharpe_per_bar) as total,
        sum(sharpe_per_bar ^ 2) as squares
      from trials where user_id = ${userId} and strategy = ${strategy} group by timeframe`;
  }
}
