import type { TrialsMade } from '@scalpstorm/backtest';
import type { ResearchJob } from '@scalpstorm/contracts';
import type { Log } from '@scalpstorm/observability';
import { JobFailed, jobFaults } from '../domain/job-faults.js';
import type { Search, Trial, TrialRecords } from '../ports/trial-records.js';

/** Of one write; so that none takes long. */
const writtenAtOnce = 1_000;

/**
 * Writes down what a search tries while it goes on. What can not be written now waits for the next time, in the memory of this process:
 * of one search there are never more than it may make.
 */
export class KeptTrials {
  private readonly waiting: Trial[] = [];
  private search: Search | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly job: ResearchJob,
    private readonly records: TrialRecords,
    private readonly log: Log,
  ) {}

  add(search: Search, trials: readonly Trial[]): void {
    this.search = search;
    this.waiting.push(...trials);
    void this.end();
  }

  /** Those that were added are among them. @throws JobFailed when they can not be written */
  async everTried(search: Search): Promise<TrialsMade> {
    try {
      await this.writing;
      await this.write();
      return await this.records.made(this.job.userId, search);
    } catch (error) {
      throw new JobFailed(jobFaults.notKept(), { cause: error });
    }
  }

  /** Resolves when there is nothing more to write, or it can not be written. */
  end(): Promise<void> {
    this.writing = this.writing
      .then(() => this.write())
      .catch((error: unknown) => {
        this.log.warn({ job: this.job.id, error }, 'what a search tried could not be written; it is tried again');
      });
    return this.writing;
  }

  private async write(): Promise<void> {
    while (this.search !== null && this.waiting.length > 0) {
      const some = this.waiting.slice(0, writtenAtOnce);
      const isOurs = await this.records.keep(this.job, this.search, some);
      this.waiting.splice(0, isOurs ? some.length : this.waiting.length);
    }
  }
}
