import type { TrialsMade } from '@scalpstorm/backtest';
import type { ResearchJob } from '@scalpstorm/contracts';
import type { Log } from '@scalpstorm/observability';
import { JobFailed, jobFaults } from '../domain/job-faults.js';
import type { Search, Trial, TrialRecords } from '../ports/trial-records.js';

/** Of one write; so that none takes long. */
const writtenAtOnce = 1_000;

/**
 * Writes down what a search tries while it goes on, one write at a time. What can not be written now waits for the next time, in the
 * memory of this process: of one search there are never more than it may make.
 */
export class KeptTrials {
  private readonly waiting: Trial[] = [];
  private search: Search | null = null;
  /** Why it could not be written, null: it could; null in its place: nothing is being written. */
  private writing: Promise<unknown> | null = null;
  /** Somebody came while something was being written. */
  private again = false;

  constructor(
    private readonly job: ResearchJob,
    private readonly records: TrialRecords,
    private readonly log: Log,
  ) {}

  add(search: Search, trials: readonly Trial[]): void {
    this.search = search;
    this.waiting.push(...trials);
    const isFirst = this.writing === null;
    const written = this.write();
    // Those that wait for it are many while the database hangs; one of them tells.
    if (isFirst) void written.then((fault) => this.tell(fault));
  }

  /** Those that were added are among them. @throws JobFailed when they can not be written */
  async everTried(search: Search): Promise<TrialsMade> {
    const fault = await this.write();
    if (fault !== null) throw new JobFailed(jobFaults.notKept(), { cause: fault });
    try {
      return await this.records.made(this.job.userId, search);
    } catch (error) {
      throw new JobFailed(jobFaults.notKept(), { cause: error });
    }
  }

  /** Resolves when there is nothing more to write, or it can not be written. */
  async end(): Promise<void> {
    this.tell(await this.write());
  }

  /** Tries to write all that waits, once, beginning now or when the write that goes on is over. */
  private write(): Promise<unknown> {
    this.again = true;
    this.writing ??= this.writeAll();
    return this.writing;
  }

  private async writeAll(): Promise<unknown> {
    let fault: unknown = null;
    while (this.again) {
      this.again = false;
      fault = await this.writeWaiting().then(
        () => null,
        (error: unknown) => error,
      );
    }
    this.writing = null;
    return fault;
  }

  private async writeWaiting(): Promise<void> {
    while (this.search !== null && this.waiting.length > 0) {
      const some = this.waiting.slice(0, writtenAtOnce);
      const isOurs = await this.records.keep(this.job, this.search, some);
      this.waiting.splice(0, isOurs ? some.length : this.waiting.length);
    }
  }

  private tell(fault: unknown): void {
    if (fault === null) return;
    const text = 'what a search tried could not be written; it is tried again';
    this.log.warn({ job: this.job.id, error: fault }, text);
  }
}
