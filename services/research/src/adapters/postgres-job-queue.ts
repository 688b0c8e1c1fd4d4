import type { Certificate } from '@scalpstorm/backtest';
import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { certificateIssued, jobSeries, type ResearchJob, researchKinds } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { type Outbox, type Sql, type Store, type Transaction, thisHolder } from '@scalpstorm/store';
import { jobFaults } from '../domain/job-faults.js';
import { type JobEnd, JobQueue, type JobResult, type Retention } from '../ports/job-queue.js';
import { type JobRow, jobOf } from './job-row.js';
import { chunksOf } from './series-chunks.js';

/** While processes are replaced, one of the version before leaves what it does not know to the others. */
const known: string[] = [...researchKinds];
const recoveredAtOnce = 100;
const prunedAtOnce = 200;

/** The queue in the schema of research; any number of processes claim from it at once. */
export class PostgresJobQueue extends JobQueue {
  constructor(
    private readonly store: Store,
    private readonly outbox: Outbox,
    private readonly leaseMs: number,
    private readonly holder: string = thisHolder,
  ) {
    super();
  }

  async claim(now: Timestamp): Promise<ResearchJob | null> {
    const [row] = await this.store.statement(
      (sql) => sql<JobRow[]>`
        with turns as (
          select user_id, (select max(started_at) from jobs began where began.user_id = waiting.user_id) as last
          from (select distinct user_id from jobs where state = 'queued' and kind = any(${known})) waiting
        ), next as (
          select sequence from jobs join turns using (user_id) where state = 'queued' and kind = any(${known})
          order by last nulls first, priority desc, sequence
          limit 1 for update of jobs skip locked
        )
        update jobs set state = 'running', holder = ${this.holder}, leased_until = now() + ${this.lease(sql)},
          attempts = attempts + 1, progress = 0, started_at = ${now}
        from next where jobs.sequence = next.sequence
        returning jobs.*`,
    );
    return row === undefined ? null : jobOf(row);
  }

  async renew(job: ResearchJob, progress: number): Promise<'held' | 'canceling' | 'lost'> {
    const [row] = await this.store.statement(
      (sql) => sql<{ canceling: boolean }[]>`
        update jobs set leased_until = now() + ${this.lease(sql)}, progress = ${progress}
        where ${this.mine(sql, job)} returning canceling`,
    );
    if (row === undefined) return 'lost';
    return row.canceling ? 'canceling' : 'held';
  }

  finish(job: ResearchJob, end: JobEnd, now: Timestamp): Promise<ResearchJob | null> {
    return this.store.transaction(async (tx) => {
      const progress = end.state === 'done' ? tx`1` : tx`progress`;
      const fault = end.state === 'failed' ? tx.json({ ...end.fault }) : null;
      const [row] = await tx<JobRow[]>`
        update jobs set state = case when canceling then 'canceled' else ${end.state} end, canceling = false,
          holder = null, leased_until = null, finished_at = ${now},
          progress = case when canceling then progress else ${progress} end,
          fault = case when canceling then null else ${fault}::jsonb end
        where ${this.mine(tx, job)} returning *`;
      if (row === undefined) return null;
      if (end.state !== 'done' || row.state !== 'done') return jobOf(row);
      await keep(tx, job.sequence, end.result);
      if (job.kind === 'certificate') await this.issue(tx, job, end.result.summary, now);
      return { ...jobOf(row), summary: end.result.summary };
    });
  }

  async giveBack(job: ResearchJob, now: Timestamp): Promise<ResearchJob | null> {
    const [row] = await this.store.statement(
      (sql) => sql<JobRow[]>`
        update jobs set state = case when canceling then 'canceled' else 'queued' end, canceling = false, progress = 0,
          finished_at = case when canceling then ${now}::bigint end, holder = null, leased_until = null
        where ${this.mine(sql, job)} returning *`,
    );
    return row === undefined ? null : jobOf(row);
  }

  async recover(lossesMax: number, now: Timestamp): Promise<readonly ResearchJob[]> {
    const fault = jobFaults.lost(lossesMax);
    const rows = await this.store.statement(
      (sql) => sql<JobRow[]>`
        with gone as (
          select sequence, canceling as unwanted, losses + 1 >= ${lossesMax} as often from jobs
          where state = 'running' and leased_until < now()
          order by leased_until limit ${recoveredAtOnce} for update skip locked
        )
        update jobs set
          state = case when unwanted then 'canceled' when often then 'failed' else 'queued' end,
          fault = case when often and not unwanted then ${sql.json({ ...fault })}::jsonb end,
          finished_at = case when unwanted or often then ${now}::bigint end,
          losses = losses + 1, canceling = false, progress = 0, holder = null, leased_until = null
        from gone where jobs.sequence = gone.sequence
        returning jobs.*`,
    );
    return rows.map(jobOf);
  }

  async counts() {
    const [row] = await this.store.sql<{ queued: number; running: number }[]>`
      select count(*) filter (where state = 'queued')::integer as queued,
        count(*) filter (where state = 'running')::integer as running
      from jobs where state in ('queued', 'running')`;
    return { queued: row?.queued ?? 0, running: row?.running ?? 0 };
  }

  async prune({ before, perUserMax }: Retention): Promise<number> {
    const { count } = await this.store.statement(
      (sql) => sql`
        delete from jobs where sequence in (
          select sequence from (
            select sequence, finished_at, row_number() over (partition by user_id, kind order by sequence desc) as place
            from jobs where finished_at is not null
          ) over_jobs
          where finished_at < ${before} or place > ${perUserMax} order by sequence limit ${prunedAtOnce})`,
    );
    return count;
  }

  /** In the transaction of the job's end: whoever trades by it hears of it, however this process ends. */
  private async issue(tx: Transaction, { id, userId }: ResearchJob, summary: JsonObject, now: Timestamp) {
    const { strategy, version, valid, checks } = summary as unknown as Certificate;
    const failedChecks = checks.filter(({ passed }) => !passed).map(({ name }) => name);
    const meta = newMeta({ now: () => now }, null);
    const event = { meta, userId, jobId: id, strategy, version, valid, failedChecks };
    await this.outbox.add(tx, [outboxMessage(certificateIssued, event, `certificate:${id}`)]);
  }

  private mine(sql: Sql | Transaction, { sequence, attempts }: ResearchJob) {
    return sql`sequence = ${sequence} and state = 'running' and holder = ${this.holder} and attempts = ${attempts}`;
  }

  private lease(sql: Sql) {
    return sql`${this.leaseMs}::double precision * interval '1 millisecond'`;
  }
}

async function keep(tx: Transaction, job: bigint, { summary, series }: JobResult): Promise<void> {
  const totals = Object.fromEntries(jobSeries.map((name) => [name, series[name].length]));
  await tx`update jobs set summary = ${tx.json(summary)}, totals = ${tx.json(totals)} where sequence = ${job}`;
  for (const name of jobSeries) {
    for (const [chunk, rows] of chunksOf(series[name])) {
      const json = tx.json(rows as readonly JsonObject[] as JsonObject[]);
      await tx`insert into series (job, name, chunk, rows) values (${job}, ${name}, ${chunk}, ${json})`;
    }
  }
}
