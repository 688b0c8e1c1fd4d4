import { Injectable } from '@nestjs/common';
import type { UserId } from '@scalpstorm/model';
import { type CertificateView, certificateView } from '../domain/certificate.js';
import type { Listing, Page } from '../domain/cursor.js';
import type { NewJob } from '../domain/job.js';
import type { Caller } from './caller.js';
import { ResearchJobs } from './research-jobs.js';

/** Examinations of rules: research makes and keeps them, and tells strategy what it found. */
@Injectable()
export class Certificates {
  constructor(private readonly jobs: ResearchJobs) {}

  /** The job as it was taken; the same command is the same job. */
  async request({ user, commandId }: Caller, job: NewJob): Promise<CertificateView> {
    const wish = { kind: 'submit', commandId, job: { kind: 'certificate', ...job } } as const;
    return certificateView(await this.jobs.one(user.userId, 'certificate', wish));
  }

  /** @param open null: also those that are over */
  list(userId: UserId, open: boolean | null, page: Page): Promise<Listing<CertificateView>> {
    return this.jobs.list(userId, { of: 'certificate', open, page }, certificateView);
  }

  /** @throws ProblemRaised NOT_FOUND also for the one of somebody else */
  async get(userId: UserId, jobId: string): Promise<CertificateView> {
    return certificateView(await this.jobs.one(userId, 'certificate', { kind: 'get', jobId }));
  }

  /** Resolves when it is durable that nobody wants it; one that runs ends within a second. */
  async cancel({ user }: Caller, jobId: string): Promise<CertificateView> {
    return certificateView(await this.jobs.cancel(user.userId, 'certificate', jobId));
  }
}
