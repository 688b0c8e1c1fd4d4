import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import {
  jobsAtOnceMax,
  type ResearchJob,
  type ResearchKind,
  type ResearchRequest,
  researchQuestion,
} from '@scalpstorm/contracts';
import type { UserId } from '@scalpstorm/model';
import { type Listing, listingOf, type Page } from '../domain/cursor.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { accepted } from './refusals.js';

export type ResearchWish = ResearchRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'userId'>
    : never
  : never;

/** Jobs of one kind, as research keeps them; nothing of them is kept here. A job of another kind is not there. */
@Injectable()
export class ResearchJobs {
  constructor(private readonly bus: Bus) {}

  /** @throws ProblemRaised NOT_FOUND also for the job of somebody else */
  async one(userId: UserId, kind: ResearchKind, wish: ResearchWish): Promise<ResearchJob> {
    const [job] = await this.#ask(userId, wish);
    if (job === undefined || job.kind !== kind) throw new ProblemRaised(problems.notFound(kind));
    return job;
  }

  /**
   * Resolves when it is durable that nobody wants it.
   * @throws ProblemRaised NOT_FOUND as `one`, before anything was canceled
   */
  async cancel(userId: UserId, kind: ResearchKind, jobId: string): Promise<ResearchJob> {
    await this.one(userId, kind, { kind: 'get', jobId });
    return this.one(userId, kind, { kind: 'cancel', jobId });
  }

  /** @param open null: also those that are over */
  async list<View>(
    userId: UserId,
    which: { readonly of: ResearchKind; readonly open: boolean | null; readonly page: Page },
    view: (job: ResearchJob) => View,
  ): Promise<Listing<View>> {
    const { before, limit } = which.page;
    const jobs: ResearchJob[] = [];
    for (let wanted = limit + 1; wanted > 0; wanted = limit + 1 - jobs.length) {
      const page = { before: jobs.at(-1)?.sequence ?? before, limit: Math.min(wanted, jobsAtOnceMax) };
      const more = await this.#ask(userId, { kind: 'list', of: which.of, open: which.open, ...page });
      jobs.push(...more);
      if (more.length === 0) break;
    }
    return listingOf(
      jobs.map((job) => ({ sequence: job.sequence, view: view(job) })),
      limit,
    );
  }

  async #ask(userId: UserId, wish: ResearchWish): Promise<readonly ResearchJob[]> {
    const value = accepted(await this.bus.ask(researchQuestion, { userId, ...wish } as ResearchRequest));
    if (value.kind !== 'jobs') throw new Error('research gave no jobs');
    return value.jobs;
  }
}
