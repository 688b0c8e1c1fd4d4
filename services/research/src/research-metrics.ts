import { Injectable } from '@nestjs/common';
import type { ResearchJob } from '@scalpstorm/contracts';
import { Metrics } from '@scalpstorm/observability';
import type { JobQueue } from './ports/job-queue.js';
import type { Worked } from './ports/workbench.js';

const microsInSecond = 1e6;
const jobBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800];
const speedBuckets = [1e3, 1e4, 1e5, 5e5, 1e6, 2e6, 5e6, 1e7, 2e7, 5e7];

/** What an operator sees of the queue. Kinds and codes are few. */
@Injectable()
export class ResearchMetrics {
  private readonly ends;
  private readonly seconds;
  private readonly waited;
  private readonly bars;
  private readonly speed;
  private readonly losses;

  constructor(private readonly metrics: Metrics) {
    this.ends = metrics.counter({
      name: 'research_jobs_total',
      help: 'Jobs that are over, by outcome: done, canceled, or the code of the fault.',
      labels: ['kind', 'outcome'],
    });
    this.seconds = metrics.histogram({
      name: 'research_job_seconds',
      help: 'From its last beginning to its end.',
      labels: ['kind'],
      buckets: jobBuckets,
    });
    this.waited = metrics.histogram({
      name: 'research_job_wait_seconds',
      help: 'From when it was sent to its first beginning.',
      labels: ['kind'],
      buckets: jobBuckets,
    });
    this.bars = metrics.counter({ name: 'research_bars_total', help: 'Bars that were played.', labels: ['kind'] });
    this.speed = metrics.histogram({
      name: 'research_bars_per_second',
      help: 'Bars a second of one run, without reading them.',
      labels: ['kind'],
      buckets: speedBuckets,
    });
    this.losses = metrics.counter({
      name: 'research_jobs_lost_total',
      help: 'How often whoever ran a job was lost.',
    });
    this.losses.inc(0);
  }

  /** How much waits and runs is read when it is asked for; while nobody can say, it is what it was. */
  watch(queue: Pick<JobQueue, 'counts'>): void {
    this.metrics.gauge({
      name: 'research_jobs',
      help: 'Jobs that wait or run, of all processes.',
      labels: ['state'],
      collect: async (gauge) => {
        const counts = await queue.counts().catch(() => null);
        if (counts === null) return;
        gauge.set({ state: 'queued' }, counts.queued);
        gauge.set({ state: 'running' }, counts.running);
      },
    });
  }

  began({ kind, attempts, startedAt, createdAt }: ResearchJob): void {
    if (attempts === 1 && startedAt !== null)
      this.waited.observe({ kind }, Math.max(0, startedAt - createdAt) / microsInSecond);
  }

  worked({ kind }: ResearchJob, { bars, seconds }: Worked): void {
    this.bars.inc({ kind }, bars);
    if (seconds > 0) this.speed.observe({ kind }, bars / seconds);
  }

  ended({ kind, state, fault, startedAt, finishedAt }: ResearchJob): void {
    this.ends.inc({ kind, outcome: fault?.code ?? state });
    if (startedAt !== null && finishedAt !== null)
      this.seconds.observe({ kind }, Math.max(0, finishedAt - startedAt) / microsInSecond);
  }

  lost(): void {
    this.losses.inc();
  }
}
