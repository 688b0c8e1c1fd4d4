import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { type JobSeries, researchQuestion } from '@scalpstorm/contracts';
import type { UserId } from '@scalpstorm/model';
import { type BacktestTrade, type BacktestView, backtestView, type EquityPoint } from '../domain/backtest.js';
import { cursorOf, type Listing, type Page } from '../domain/cursor.js';
import type { NewJob } from '../domain/job.js';
import type { Caller } from './caller.js';
import { accepted } from './refusals.js';
import { ResearchJobs, type ResearchWish } from './research-jobs.js';

/** Backtests: research keeps and runs them; nothing of them is kept here. */
@Injectable()
export class Backtests {
  constructor(
    private readonly bus: Bus,
    private readonly jobs: ResearchJobs,
  ) {}

  /** The job as it was taken; the same command is the same job. */
  async run({ user, commandId }: Caller, job: NewJob): Promise<BacktestView> {
    return this.#one(user.userId, { kind: 'submit', commandId, job: { kind: 'backtest', ...job } });
  }

  /** @param open null: also those that are over */
  list(userId: UserId, open: boolean | null, page: Page): Promise<Listing<BacktestView>> {
    return this.jobs.list(userId, { of: 'backtest', open, page }, backtestView);
  }

  /** @throws ProblemRaised NOT_FOUND also for the job of somebody else */
  async get(userId: UserId, jobId: string): Promise<BacktestView> {
    return this.#one(userId, { kind: 'get', jobId });
  }

  /** Resolves when it is durable that nobody wants it; one that runs ends within a second. */
  async cancel({ user }: Caller, jobId: string): Promise<BacktestView> {
    return backtestView(await this.jobs.cancel(user.userId, 'backtest', jobId));
  }

  async equity(userId: UserId, jobId: string, page: Page): Promise<Listing<EquityPoint>> {
    return this.#series<EquityPoint>(userId, { jobId, series: 'equity' }, page);
  }

  async trades(userId: UserId, jobId: string, page: Page): Promise<Listing<BacktestTrade>> {
    return this.#series<BacktestTrade>(userId, { jobId, series: 'trades' }, page);
  }

  /** Oldest first, and what is there does not change: a cursor is the index of the last row that was told. */
  async #series<Row>(
    userId: UserId,
    which: { readonly jobId: string; readonly series: JobSeries },
    { before, limit }: Page,
  ): Promise<Listing<Row>> {
    const from = before === null ? 0 : Math.min(Number(before) + 1, 2 ** 31);
    const value = accepted(await this.bus.ask(researchQuestion, { userId, kind: 'series', ...which, from, limit }));
    if (value.kind !== 'rows') throw new Error('research gave no rows');
    const next = from + value.rows.length;
    const hasMore = next < value.total;
    const data = value.rows as unknown as readonly Row[];
    return { data, hasMore, nextCursor: hasMore ? cursorOf(BigInt(next - 1)) : null };
  }

  async #one(userId: UserId, wish: ResearchWish): Promise<BacktestView> {
    return backtestView(await this.jobs.one(userId, 'backtest', wish));
  }
}
