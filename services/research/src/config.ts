import { commonEnv, durationMs, natsEnv, postgresEnv, wholeNumber } from '@scalpstorm/config';
import { z } from 'zod';
import type { ResearchSettings } from './ports/settings.js';

const megabyte = 2 ** 20;

export const researchEnv = z.object({
  ...commonEnv,
  ...natsEnv,
  ...postgresEnv,
  /** Jobs at a time. Fewer than the cores where anything trades beside it. */
  RESEARCH_WORKERS: wholeNumber({ min: 1, max: 64, example: 1 }).default(1),
  /** Of the heap of one job; one that needs more fails. */
  RESEARCH_MEMORY_MB: wholeNumber({ min: 32, max: 65_536, example: 512 }).default(512),
  /** A job that works for longer fails. Fetching its bars does not count. */
  RESEARCH_JOB_TIME_MAX: durationMs({ minMs: 100, maxMs: 86_400_000, example: '10m' }).default(600_000),
  /** A folder with the operator's own strategies: the one that the strategy service has; absent: there are none. */
  STRATEGIES_DIR: z.string().optional(),
  RESEARCH_BARS_MAX: wholeNumber({ min: 100, max: 2_000_000, example: 500_000 }).default(500_000),
  /** Of one search: each combination over all bars, in each window and in each fold. */
  RESEARCH_TRIALS_MAX: wholeNumber({ min: 1, max: 200_000, example: 50_000 }).default(50_000),
  /** Of one user, known one by one, so that the same trial counts once; older ones still count. */
  RESEARCH_TRIALS_PER_USER_MAX: wholeNumber({ min: 1_000, max: 10_000_000, example: 200_000 }).default(200_000),
  RESEARCH_QUEUED_PER_USER_MAX: wholeNumber({ min: 1, max: 1_000, example: 20 }).default(20),
  RESEARCH_QUEUED_MAX: wholeNumber({ min: 1, max: 10_000, example: 200 }).default(200),
  /** A job whose process was lost so often fails: it may be what ends them. */
  RESEARCH_LOSSES_MAX: wholeNumber({ min: 1, max: 20, example: 3 }).default(3),
  /** So long after the last sign of life a job counts as lost. */
  RESEARCH_LEASE: durationMs({ minMs: 1_500, maxMs: 600_000, example: '15s' }).default(15_000),
  RESEARCH_KEPT_DAYS: wholeNumber({ min: 1, max: 3_650, example: 90 }).default(90),
  /** Jobs of one user that are over and stay. */
  RESEARCH_KEPT_PER_USER_MAX: wholeNumber({ min: 1, max: 10_000, example: 200 }).default(200),
  /** Of bars that were fetched before; the least used go. */
  RESEARCH_BARS_KEPT_MB: wholeNumber({ min: 1, max: 100_000, example: 512 }).default(512),
});
export type ResearchEnv = z.infer<typeof researchEnv>;

export const settingsFrom = (config: ResearchEnv): ResearchSettings => ({
  workers: config.RESEARCH_WORKERS,
  megabytesMax: config.RESEARCH_MEMORY_MB,
  millisecondsMax: config.RESEARCH_JOB_TIME_MAX,
  barsMax: config.RESEARCH_BARS_MAX,
  strategiesDir: config.STRATEGIES_DIR ?? null,
  trialsMax: config.RESEARCH_TRIALS_MAX,
  trialsPerUserMax: config.RESEARCH_TRIALS_PER_USER_MAX,
  queuedPerUserMax: config.RESEARCH_QUEUED_PER_USER_MAX,
  queuedMax: config.RESEARCH_QUEUED_MAX,
  lossesMax: config.RESEARCH_LOSSES_MAX,
  leaseMs: config.RESEARCH_LEASE,
  keptDays: config.RESEARCH_KEPT_DAYS,
  keptPerUserMax: config.RESEARCH_KEPT_PER_USER_MAX,
  barFilesBytesMax: config.RESEARCH_BARS_KEPT_MB * megabyte,
});
