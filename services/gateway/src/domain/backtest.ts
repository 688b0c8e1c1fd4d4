import type { JobPriority, ResearchJob } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';

/** What is to be worked out, with every default filled in; research checks what it means. */
export interface NewBacktest {
  readonly name: string;
  readonly priority: JobPriority;
  readonly spec: JsonObject;
}

export interface Assumption {
  readonly kind: string;
  readonly value: number | null;
}

/** A job with its own words beside what became of it. */
export function backtestView({ spec, ...job }: ResearchJob) {
  const { strategy, parameters, instrument, timeframe, from, to, cash, size, slippage, path, fast } = spec;
  return {
    id: job.id,
    name: job.name,
    priority: job.priority,
    strategy: String(strategy),
    parameters: (parameters ?? {}) as JsonObject,
    instrument: String(instrument),
    timeframe: String(timeframe),
    from: String(from),
    to: String(to),
    cash: Number(cash),
    size: assumptionOf(size),
    feeBps: Number(spec['feeBps']),
    makerFeeBps: Number(spec['makerFeeBps'] ?? spec['feeBps']),
    spreadBps: Number(spec['spreadBps']),
    slippage: assumptionOf(slippage),
    liquidityShare: typeof spec['liquidityShare'] === 'number' ? spec['liquidityShare'] : null,
    path: String(path),
    fast: fast === true,
    state: job.state,
    final: job.finishedAt !== null,
    canceling: job.canceling,
    progress: job.progress,
    attempts: job.attempts,
    fault: job.fault,
    summary: job.summary,
    createdAt: Timestamp.toIso(job.createdAt),
    startedAt: job.startedAt === null ? null : Timestamp.toIso(job.startedAt),
    finishedAt: job.finishedAt === null ? null : Timestamp.toIso(job.finishedAt),
  };
}
export type BacktestView = ReturnType<typeof backtestView>;

function assumptionOf(given: Json | undefined): Assumption {
  const { kind, value } = given as { readonly kind: string; readonly value?: number };
  return { kind, value: value ?? null };
}

/** Equity at the close of a bar, and the lowest since the point before. */
export interface EquityPoint {
  readonly at: string;
  readonly equity: number;
  readonly low: number;
}

export interface BacktestTrade {
  readonly openedAt: string;
  readonly closedAt: string;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly fees: number;
  readonly net: number;
  readonly netPct: number;
  readonly exitReason: string;
  readonly entryTag: string;
  readonly exitTag: string;
}
