import { createHash } from 'node:crypto';
import type { ResearchJob } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject, UserId } from '@scalpstorm/model';

const at = Timestamp.fromMillis(Date.UTC(2026, 10, 22, 10));

/** As it is posted. */
export const searchable = {
  strategy: 'ema-cross',
  space: ['fast=5..50:5', 'slow=20..200:10'],
  instrument: 'sim:BTC-USDT',
  timeframe: '1m',
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-02T00:00:00Z',
};

/** What research is asked for then. */
export const searchSpec: JsonObject = {
  ...searchable,
  ...{ parameters: {}, from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' },
  ...{ cash: 10_000, size: { kind: 'all-in', value: null }, feeBps: 10, makerFeeBps: 10, spreadBps: 0 },
  ...{ slippage: { kind: 'none', value: null }, liquidityShare: null, path: 'stop-first' },
  ...{ search: { kind: 'grid', tries: 200, seed: 1 }, objective: 'sharpe' },
  ...{ walkForward: { kind: 'usual', train: null, test: null, anchored: false }, folds: null },
  ...{ monteCarlo: { runs: 1_000, ruinPct: 50 }, withinPct: 20 },
};

/** The one search that each user has. */
export const optimisationOf = (userId: UserId): string =>
  `job_${createHash('sha256').update(`optimisation ${userId}`).digest('hex').slice(0, 12)}`;

export const optimisationJob = (userId: UserId, changes: Partial<ResearchJob> = {}): ResearchJob => ({
  ...{ id: optimisationOf(userId), sequence: 3n, userId, kind: 'optimisation', name: '', priority: 'normal' },
  ...{ spec: searchSpec, state: 'done', canceling: false, progress: 1, attempts: 1, fault: null },
  ...{ summary: { verdict: { code: 'NOT_ENOUGH_EVIDENCE' } }, createdAt: at, startedAt: at, finishedAt: at },
  ...changes,
});
