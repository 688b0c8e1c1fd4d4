import type { JobSeries, ResearchJob } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject, UserId } from '@scalpstorm/model';
import type { Store, Transaction } from '@scalpstorm/store';
import { type JobPage, Jobs, type NewJob, type QueueBounds, type Submitted } from '../ports/jobs.js';
import { type JobRow, jobOf, priorityOf } from './job-row.js';
import { chunkRows, chunksWith } from './series-chunks.js';

/** Whoever adds to the queue holds it, so that no bound is passed by two at once. */
const submitLock = 7_226_401;

/** Jobs of users, in the schema of research. */
export class PostgresJobs extends Jobs {
  constructor(private readonly store: Store) {
    super();
  }

  submit(job: NewJob, bounds: QueueBounds, now: Timestamp): Promise<Submitted> {
    return this.store.transaction(async (tx) => {
      await tx`select pg_advisory_xact_lock(${submitLock}, hashtext(${this.store.schema}))`;
      const [known] = await tx<JobRow[]>`select * from jobs where id = ${job.id} and user_id = ${job.userId}`;
      if (known !== undefined) return { job: jobOf(known) };
      const full = await fullFor(tx, job.userId, bounds);
      if (full !== null) return { full };
      const [row] = await tx<JobRow[]>`
        insert into jobs (id, user_id, kind, name, priority, spec, state, created_at)
        values (${job.id}, ${job.userId}, ${job.kind}, ${job.name}, ${priorityOf(job.priority)}, ${tx.json(job.spec)},
          'queued', ${now})
        returning *`;
      return { job: jobOf(row as JobRow) };
    });
  }

  async list(userId: UserId, { of, open, before, limit }: JobPage): Promise<readonly ResearchJob[]> {
    const { sql } = this.store;
    const older = before === null ? sql`` : sql`and sequence < ${before}`;
    const wanted = open === null ? sql`` : sql`and (state in ('queued', 'running')) = ${open}`;
    const rows = await sql<JobRow[]>`
      select * from jobs where user_id = ${userId} and kind = ${of} ${older} ${wanted}
      order by sequence desc limit ${limit}`;
    return rows.map(jobOf);
  }

  async get(userId: UserId, id: string): Promise<ResearchJob | null> {
    const [row] = await this.store.sql<JobRow[]>`select * from jobs where id = ${id} and user_id = ${userId}`;
    return row === undefined ? null : jobOf(row);
  }

  async cancel(userId: UserId, id: string, now: Timestamp): Promise<ResearchJob | null> {
    const [row] = await this.store.statement(
      (sql) => sql<JobRow[]>`
        update jobs set
          canceling = state = 'running',
          finished_at = case when state = 'queued' then ${now}::bigint end,
          state = case when state = 'queued' then 'canceled' else state end
        where id = ${id} and user_id = ${userId} and state in ('queued', 'running')
        returning *`,
    );
    return row === undefined ? null : jobOf(row);
  }

  async rows(job: ResearchJob, series: JobSeries, { from, limit }: { readonly from: number; readonly limit: number }) {
    const { first, last } = chunksWith(from, limit);
    const { sql } = this.store;
    const [totals] = await sql<{ total: number | null }[]>`
      select (totals ->> ${series})::integer as total from jobs where sequence = ${job.sequence}`;
    const chunks = await sql<{ rows: readonly JsonObject[] }[]>`
      select rows from series where job = ${job.sequence} and name = ${series} and chunk between ${first} and ${last}
      order by chunk`;
    const skipped = from - first * chunkRows;
    const rows = chunks.flatMap((chunk) => chunk.rows).slice(skipped, skipped + limit);
    return { rows, total: totals?.total ?? 0 };
  }
}

async function fullFor(tx: Transaction, userId: UserId, bounds: QueueBounds): Promise<'user' | 'all' | null> {
  const [waiting] = await tx<{ mine: number; every: number }[]>`
    select count(*) filter (where user_id = ${userId})::integer as mine, count(*)::integer as every
    from jobs where state = 'queued'`;
  if ((waiting?.mine ?? 0) >= bounds.queuedPerUserMax) return 'user';
  return (waiting?.every ?? 0) >= bounds.queuedMax ? 'all' : null;
}
