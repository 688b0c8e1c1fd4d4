import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { ResearchJob } from '@scalpstorm/contracts';
import { BrokenInvariant, millisecond, Timestamp } from '@scalpstorm/kernel';
import { HealthRegistry, Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { JobAborted, JobFailed, jobFaults } from '../domain/job-faults.js';
import { type JobEnd, JobQueue } from '../ports/job-queue.js';
import { ResearchSettings } from '../ports/settings.js';
import { TrialRecords } from '../ports/trial-records.js';
import { ResearchMetrics } from '../research-metrics.js';
import { JobNews } from './job-news.js';
import { WorkJob } from './work-job.js';

/** Of its progress; a cancel in another process is seen that soon, too. */
const beatMs = 500;
/** What another process queued, or lost, is seen that soon. */
const lookMs = 1_000;
const pruneEveryMs = 60_000;
const dayMs = 86_400_000;

type Why = 'canceled' | 'lost' | 'stopping';

interface Running {
  job: ResearchJob;
  readonly abort: AbortController;
  why: Why | null;
  readonly over: Promise<void>;
  beat: () => Promise<void>;
}

/** Claims jobs and runs them, so many at a time as there are workers. Any number of processes do so beside one another. */
@Injectable()
export class JobRunner implements BeforeApplicationShutdown {
  private readonly running = new Map<string, Running>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;
  private again = false;
  private stopping = false;
  private pruneAt = 0;
  private fault: unknown = null;

  constructor(
    private readonly queue: JobQueue,
    private readonly trials: TrialRecords,
    private readonly work: WorkJob,
    private readonly news: JobNews,
    private readonly settings: ResearchSettings,
    private readonly metrics: ResearchMetrics,
    private readonly clock: WallClock,
    private readonly log: Log,
    health: HealthRegistry,
  ) {
    health.register('queue', () => this.healthy(), { critical: false });
  }

  start(): void {
    this.timer = setInterval(() => this.wake(), lookMs);
    this.wake();
  }

  /** There may be something to do. */
  wake(): void {
    this.again = true;
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
  }

  /** A job that runs here may not be wanted any more. */
  async lookAt(jobId: string): Promise<void> {
    await this.running.get(jobId)?.beat();
  }

  /** What runs here waits again, for whoever is there then. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.looking;
    const all = [...this.running.values()];
    for (const one of all) end(one, 'stopping');
    await Promise.all(all.map(({ over }) => over));
  }

  private async look(): Promise<void> {
    while (this.again && !this.stopping) {
      this.again = false;
      try {
        for (const job of await this.queue.recover(this.settings.lossesMax, this.clock.now())) this.recovered(job);
        await this.fill();
        await this.prune();
        this.fault = null;
      } catch (error) {
        stopOnBrokenInvariant(error);
        this.fault = error;
        this.log.warn({ error }, 'the queue could not be read; it is tried again');
        return;
      }
    }
  }

  private async fill(): Promise<void> {
    while (this.running.size < this.settings.workers && !this.stopping) {
      const job = await this.queue.claim(this.clock.now());
      if (job === null) return;
      this.begin(job);
    }
  }

  private begin(job: ResearchJob): void {
    this.metrics.began(job);
    this.news.tell(job);
    const begun = Promise.withResolvers<void>();
    const one: Running = { job, abort: new AbortController(), why: null, over: begun.promise, beat: async () => {} };
    this.running.set(job.id, one);
    void this.run(one).finally(() => {
      this.running.delete(job.id);
      begun.resolve();
      this.wake();
    });
  }

  private async run(one: Running): Promise<void> {
    const { job, abort } = one;
    let share = 0;
    one.beat = async () => {
      const standing = await this.queue.renew(job, share);
      if (standing === 'canceling') end(one, 'canceled');
      if (standing === 'lost') end(one, 'lost');
      if (share > one.job.progress && standing === 'held') {
        one.job = { ...job, progress: share };
        this.news.tell(one.job);
      }
    };
    const beating = setInterval(() => {
      one.beat().catch((error: unknown) => this.log.warn({ job: job.id, error }, 'the lease could not be renewed'));
    }, beatMs);
    try {
      const worked = await this.work.work(job, abort.signal, (now) => {
        share = Math.min(1, Math.max(share, now));
      });
      this.metrics.worked(job, worked);
      const { summary, series } = worked;
      await this.settle(one, { state: 'done', result: { summary, series } });
    } catch (error) {
      await this.settleFailed(one, error);
    } finally {
      clearInterval(beating);
    }
  }

  private async settleFailed(one: Running, error: unknown): Promise<void> {
    if (error instanceof BrokenInvariant) stopOnBrokenInvariant(error);
    if (error instanceof JobAborted || one.abort.signal.aborted) {
      if (one.why === 'canceled') await this.settle(one, { state: 'canceled' });
      if (one.why === 'stopping') await this.giveBack(one);
      return;
    }
    if (error instanceof JobFailed) return await this.settle(one, { state: 'failed', fault: error.fault });
    this.log.error({ job: one.job.id, error }, 'a job ended in a way that was not foreseen');
    const text = error instanceof Error ? error.name : 'unknown';
    await this.settle(one, { state: 'failed', fault: jobFaults.crashed(text) });
  }

  /** Where Postgres is away its lease ends, and it is run again: the same work gives the same result. */
  private async settle(one: Running, how: JobEnd): Promise<void> {
    try {
      const job = await this.queue.finish(one.job, how, this.clock.now());
      if (job === null) return this.log.warn({ job: one.job.id }, 'somebody else has the job now; nothing was written');
      this.news.tell(job);
      this.metrics.ended(job);
    } catch (error) {
      this.log.error({ job: one.job.id, error }, 'the end of a job could not be written; it is run again');
    }
  }

  private async giveBack({ job }: Running): Promise<void> {
    try {
      const given = await this.queue.giveBack(job, this.clock.now());
      if (given !== null) this.news.tell(given);
    } catch (error) {
      this.log.warn({ job: job.id, error }, 'a job could not be given back; it waits until its lease ends');
    }
  }

  private recovered(job: ResearchJob): void {
    this.log.warn({ job: job.id, state: job.state }, 'whoever ran a job was lost');
    this.metrics.lost();
    this.news.tell(job);
    if (job.state !== 'queued') this.metrics.ended(job);
  }

  private async prune(): Promise<void> {
    const now = this.clock.now();
    if (now < this.pruneAt) return;
    this.pruneAt = now + pruneEveryMs * millisecond;
    const before = Timestamp.plus(now, -this.settings.keptDays * dayMs * millisecond);
    const retention = { before, perUserMax: this.settings.keptPerUserMax };
    // All of them, however many ended meanwhile: else somebody with many short jobs would be ahead of it for ever.
    let count = 0;
    for (let more = 1; more > 0 && !this.stopping; count += more) more = await this.queue.prune(retention);
    await this.trials.tidy(this.settings.trialsPerUserMax);
    if (count > 0) this.log.info({ count }, 'old jobs were forgotten');
  }

  private async healthy(): Promise<void> {
    if (this.fault !== null) throw new Error('the queue could not be read', { cause: this.fault });
  }
}

function end(one: Running, why: Why): void {
  one.why ??= why;
  one.abort.abort();
}
