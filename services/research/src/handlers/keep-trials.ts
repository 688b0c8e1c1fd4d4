import type { TrialsMade } from '@scalpstorm/backtest';
import type { ResearchJob } from '@scalpstorm/contracts';
import type { Log } from '@scalpstorm/observability';
import { JobFailed, jobFaults } from '../domain/job-faults.js';
import type { Search, Trial, TrialRecords } from '../ports/trial-records.js';

/** Of one write; so that none takes long. */
const writtenAtOnce = 1_000;
/** What is tried waits so long for others at most: a database is no place for a write a trial. */
const writtenEveryMs = 200;

/**
 * Writes down what a job tries while it goes on, one write at a time. What can not be written now waits for the next time, in the memory
 * of this process: of one job there are never more than it may make.
 */
export class KeptTrials {
  private readonly waiting: Trial[] = [];
  private search: Search | null = null;
  private timer: NodeJS.Timeout | undefined;
  /** Why it could not be written, null: it could; null in its place: nothing is being written. */
  private writing: Promise<unknown> | null = null;
  /** Somebody came while something was being written. */
  private again = false;

  constructor(
    private readonly job: ResearchJob,
    private readonly records: TrialRecords,
    private readonly log: Log,
  ) {}

  add(search: Search, trial: Trial): void {
    this.search = search;
    this.waiting.push(trial);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      // While the database hangs one write is waited for, and whoever began it tells.
      if (this.writing === null) void this.write().then((fault) => this.tell(fault));
    }, writtenEveryMs);
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
    clearTimeout(this.timer);
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

  /** Those that are there now: what comes meanwhile waits for the next time. */
  private async writeWaiting(): Promise<void> {
    let left = this.waiting.length;
    while (this.search !== null && left > 0) {
      const some = this.waiting.slice(0, Math.min(left, writtenAtOnce));
      const isOurs = await this.records.keep(this.job, this.search, some);
      this.waiting.splice(0, isOurs ? some.length : this.waiting.length);
      left = isOurs ? left - some.length : 0;
    }
  }

  private tell(fault: unknown): void {
    if (fault === null) return;
    const text = 'what a job tried could not be written; it is tried again';
    this.log.warn({ job: this.job.id, error: fault }, text);
  }
}
