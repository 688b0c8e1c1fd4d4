import type { JobSeries, ResearchJob, ResearchKind } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject, UserId } from '@scalpstorm/model';

export type NewJob = Pick<ResearchJob, 'id' | 'userId' | 'kind' | 'name' | 'priority' | 'spec'>;

export interface QueueBounds {
  readonly queuedPerUserMax: number;
  readonly queuedMax: number;
}

/** The job as it was taken, now or when it was sent first; or which bound is reached. */
export type Submitted = { readonly job: ResearchJob } | { readonly full: 'user' | 'all' };

export interface JobPage {
  readonly of: ResearchKind;
  readonly open: boolean | null;
  readonly before: bigint | null;
  readonly limit: number;
}

/** What users do with their jobs. Nobody sees another's. */
export abstract class Jobs {
  abstract submit(job: NewJob, bounds: QueueBounds, now: Timestamp): Promise<Submitted>;
  /** Newest first. */
  abstract list(userId: UserId, page: JobPage): Promise<readonly ResearchJob[]>;
  abstract get(userId: UserId, id: string): Promise<ResearchJob | null>;
  /** One that waits is canceled at once; one that runs is marked, and whoever runs it ends it. Null: there is none that is not over. */
  abstract cancel(userId: UserId, id: string, now: Timestamp): Promise<ResearchJob | null>;
  /** Oldest first, from an index on. */
  abstract rows(
    job: ResearchJob,
    series: JobSeries,
    page: { readonly from: number; readonly limit: number },
  ): Promise<{ readonly rows: readonly JsonObject[]; readonly total: number }>;
}
