import { Injectable } from '@nestjs/common';
import type { UserId } from '@scalpstorm/model';
import type { Listing, Page } from '../domain/cursor.js';
import type { NewJob } from '../domain/job.js';
import { type OptimisationView, optimisationView } from '../domain/optimisation.js';
import type { Caller } from './caller.js';
import { ResearchJobs } from './research-jobs.js';

/** Searches for parameters: research keeps and runs them; nothing of them is kept here. */
@Injectable()
export class Optimisations {
  constructor(private readonly jobs: ResearchJobs) {}

  /** The job as it was taken; the same command is the same job. */
  async run({ user, commandId }: Caller, job: NewJob): Promise<OptimisationView> {
    const wish = { kind: 'submit', commandId, job: { kind: 'optimisation', ...job } } as const;
    return optimisationView(await this.jobs.one(user.userId, 'optimisation', wish));
  }

  /** @param open null: also those that are over */
  list(userId: UserId, open: boolean | null, page: Page): Promise<Listing<OptimisationView>> {
    return this.jobs.list(userId, { of: 'optimisation', open, page }, optimisationView);
  }

  /** @throws ProblemRaised NOT_FOUND also for the one of somebody else */
  async get(userId: UserId, jobId: string): Promise<OptimisationView> {
    return optimisationView(await this.jobs.one(userId, 'optimisation', { kind: 'get', jobId }));
  }

  /** Resolves when it is durable that nobody wants it; one that runs ends within a second. */
  async cancel({ user }: Caller, jobId: string): Promise<OptimisationView> {
    return optimisationView(await this.jobs.cancel(user.userId, 'optimisation', jobId));
  }
}
