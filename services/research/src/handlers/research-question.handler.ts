import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import {
  type JobSeries,
  jobsAtOnceMax,
  type Refusal,
  type ResearchAnswer,
  type ResearchJob,
  type ResearchRequest,
  researchQuestion,
} from '@scalpstorm/contracts';
import type { Result, Timestamp } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import { StrategyCatalogue } from '@scalpstorm/strategies';
import { readBacktestSpec } from '../domain/backtest-spec.js';
import { readCertificateSpec } from '../domain/certificate-spec.js';
import { jobRefusals } from '../domain/job-refusals.js';
import { jobsThatFit } from '../domain/jobs-that-fit.js';
import { readOptimisationSpec } from '../domain/optimisation-spec.js';
import { Jobs, type NewJob } from '../ports/jobs.js';
import { ResearchSettings } from '../ports/settings.js';
import { JobNews } from './job-news.js';
import { JobRunner } from './job-runner.js';

type Submit = Extract<ResearchRequest, { kind: 'submit' }>;
type List = Extract<ResearchRequest, { kind: 'list' }>;
type Series = Extract<ResearchRequest, { kind: 'series' }>;

/** A reply has at most a megabyte. */
const rowsMax: Readonly<Record<JobSeries, number>> = { equity: 5_000, trades: 1_000 };
const digits = 12;

const jobsOf = (...jobs: readonly ResearchJob[]): ResearchAnswer => ({ ok: true, value: { kind: 'jobs', jobs } });
const refuse = (...refusals: readonly Refusal[]): ResearchAnswer => ({ ok: false, refusals });

/** What users want of their jobs; asked by the gateway, which knows who asks. Any process answers: all is in Postgres. */
@Controller()
export class ResearchQuestionHandler {
  constructor(
    private readonly jobs: Jobs,
    private readonly runner: JobRunner,
    private readonly news: JobNews,
    private readonly settings: ResearchSettings,
    private readonly clock: WallClock,
    private readonly catalogue: StrategyCatalogue,
  ) {}

  @Answers(researchQuestion)
  async answer(request: ResearchRequest): Promise<ResearchAnswer> {
    const { userId } = request;
    switch (request.kind) {
      case 'submit':
        return this.submit(request);
      case 'list':
        return this.list(request);
      case 'get': {
        const job = await this.jobs.get(userId, request.jobId);
        return job === null ? refuse(jobRefusals.unknown()) : jobsOf(job);
      }
      case 'cancel':
        return this.cancel(request);
      case 'series':
        return this.series(request);
    }
  }

  private async submit({ userId, commandId, job }: Submit): Promise<ResearchAnswer> {
    const { queuedPerUserMax, queuedMax } = this.settings;
    const now = this.clock.now();
    const read = this.read(job, now);
    if (!read.ok) return refuse(...read.error);
    const wanted: NewJob = { ...job, id: jobIdOf(userId, commandId), userId };
    const taken = await this.jobs.submit(wanted, { queuedPerUserMax, queuedMax }, now);
    if ('full' in taken) {
      return refuse(
        taken.full === 'user' ? jobRefusals.tooManyOfYours(queuedPerUserMax) : jobRefusals.queueFull(queuedMax),
      );
    }
    if (!isSame(taken.job, wanted)) return refuse(jobRefusals.otherJob());
    this.news.tell(taken.job);
    this.runner.wake();
    return jobsOf(taken.job);
  }

  private read({ kind, spec }: Submit['job'], now: Timestamp): Result<unknown, readonly Refusal[]> {
    const { barsMax, trialsMax } = this.settings;
    const { rules } = this.catalogue;
    switch (kind) {
      case 'backtest':
        return readBacktestSpec(spec, { now, barsMax, rules });
      case 'certificate':
        return readCertificateSpec(spec, { rules });
      case 'optimisation':
        return readOptimisationSpec(spec, { now, barsMax, trialsMax, rules });
    }
  }

  private async list({ userId, ...page }: List): Promise<ResearchAnswer> {
    const jobs = await this.jobs.list(userId, { ...page, limit: Math.min(page.limit, jobsAtOnceMax) });
    return jobsOf(...jobsThatFit(jobs));
  }

  private async cancel({ userId, jobId }: { readonly userId: ResearchJob['userId']; readonly jobId: string }) {
    const job = await this.jobs.cancel(userId, jobId, this.clock.now());
    if (job !== null) {
      this.news.tell(job);
      await this.runner.lookAt(jobId);
      return jobsOf(job);
    }
    const over = await this.jobs.get(userId, jobId);
    if (over === null) return refuse(jobRefusals.unknown());
    // Said twice it is the same: whoever did not hear the answer asks again.
    return over.state === 'canceled' ? jobsOf(over) : refuse(jobRefusals.over(over.state));
  }

  private async series({ userId, jobId, series, from, limit }: Series): Promise<ResearchAnswer> {
    const job = await this.jobs.get(userId, jobId);
    if (job === null) return refuse(jobRefusals.unknown());
    if (job.state !== 'done') return refuse(jobRefusals.notDone(job.state));
    const page = { from, limit: Math.min(Math.max(limit, 1), rowsMax[series]) };
    return { ok: true, value: { kind: 'rows', ...(await this.jobs.rows(job, series, page)) } };
  }
}

const isSame = (taken: ResearchJob, wanted: NewJob): boolean =>
  (['kind', 'name', 'priority', 'spec'] as const).every((name) => isDeepStrictEqual(taken[name], wanted[name]));

/** 62 bits of who asks and their command: a repeat is the same job. */
function jobIdOf(userId: string, commandId: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(['job', userId, commandId]))
    .digest('hex')
    .slice(0, 16);
  const number = BigInt(`0x${hash}`) % 36n ** BigInt(digits);
  return `job_${number.toString(36).padStart(digits, '0')}`;
}
