import type { JobFault, JobSeries, JobState, ResearchJob } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';

/** What a job came to. */
export interface JobResult {
  readonly summary: JsonObject;
  readonly series: Readonly<Record<JobSeries, readonly JsonObject[]>>;
}

export type JobEnd =
  | { readonly state: 'done'; readonly result: JobResult }
  | { readonly state: 'failed'; readonly fault: JobFault }
  | { readonly state: 'canceled' };

export interface Retention {
  /** Jobs that were over before then go. */
  readonly before: Timestamp;
  /** Of each user and kind, the newest that are over stay. */
  readonly perUserMax: number;
}

/**
 * What whoever runs jobs does with them. A claimed job is leased: `attempts` of the claimed job is the token, and whoever has lost it
 * changes nothing more. Leases go by the clock of the database.
 */
export abstract class JobQueue {
  /** The next one whose turn it is: of the user whose last job began longest ago, the one of the highest priority, the oldest of those. */
  abstract claim(now: Timestamp): Promise<ResearchJob | null>;
  /** Keeps the lease. `lost`: somebody else has it, or nobody. */
  abstract renew(job: ResearchJob, progress: number): Promise<'held' | 'canceling' | 'lost'>;
  /** Whole or not at all; one that is to be canceled is canceled, whatever it came to. Null: it was lost. */
  abstract finish(job: ResearchJob, end: JobEnd, now: Timestamp): Promise<ResearchJob | null>;
  /** It waits again, or is canceled if that is wanted. Null: it was lost. */
  abstract giveBack(job: ResearchJob, now: Timestamp): Promise<ResearchJob | null>;
  /** What nobody holds any more waits again, or has failed when it was lost so often. */
  abstract recover(lossesMax: number, now: Timestamp): Promise<readonly ResearchJob[]>;
  abstract counts(): Promise<Readonly<Record<Extract<JobState, 'queued' | 'running'>, number>>>;
  /** @returns how many went: some of those that are to go; none: there are no more */
  abstract prune(retention: Retention): Promise<number>;
}
