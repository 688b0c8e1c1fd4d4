import { createHash } from 'node:crypto';
import type { ResearchJob } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject, UserId } from '@scalpstorm/model';

const at = Timestamp.fromMillis(Date.UTC(2026, 10, 22, 10));

/** What a request takes. */
export const examinable = {
  strategy: 'ema-cross',
  parameters: { fast: 10, slow: 30 },
  instrument: 'sim:BTC-USDT',
  timeframe: '1m',
};

/** The one examination that each user has. */
export const certificateJobOf = (userId: UserId): string =>
  `job_${createHash('sha256').update(`certificate ${userId}`).digest('hex').slice(0, 12)}`;

const certificate: JsonObject = {
  ...{ format: 1, strategy: 'ema-cross', version: 'ab'.repeat(32), parameters: examinable.parameters, valid: true },
  checks: [{ name: 'truncation', passed: true, text: 'cut at 124 bars', next: null }],
};

export const certificateJob = (userId: UserId, changes: Partial<ResearchJob> = {}): ResearchJob => ({
  ...{ id: certificateJobOf(userId), sequence: 2n, userId, kind: 'certificate', name: '', priority: 'normal' },
  ...{ spec: { ...examinable, seed: 1 }, state: 'done', canceling: false, progress: 1, attempts: 1, fault: null },
  ...{ summary: certificate, createdAt: at, startedAt: at, finishedAt: at },
  ...changes,
});
