import { createHash } from 'node:crypto';
import { type ResearchAnswer, type ResearchJob, type ResearchRequest, researchKinds } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject, UserId } from '@scalpstorm/model';
import { certificateJob } from './fake-certificates.js';
import { optimisationJob } from './fake-optimisations.js';

const at = Timestamp.fromMicros(1_700_000_000_000_000);

/** As it is posted. */
export const testable = {
  strategy: 'ema-cross',
  parameters: { fast: 10, slow: 30 },
  instrument: 'sim:BTC-USDT',
  timeframe: '1m',
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-02T00:00:00Z',
} as const;

const spec: JsonObject = {
  ...testable,
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-02T00:00:00.000Z',
  cash: 10_000,
  size: { kind: 'fraction', value: 0.5 },
  feeBps: 10,
  makerFeeBps: 2,
  spreadBps: 1,
  slippage: { kind: 'none', value: null },
  liquidityShare: 0.25,
  path: 'stop-first',
  fast: false,
};

/** The one backtest that each user has. */
export const backtestOf = (userId: UserId): string =>
  `job_${createHash('sha256').update(userId).digest('hex').slice(0, 12)}`;

export const jobOf = (userId: UserId, changes: Partial<ResearchJob> = {}): ResearchJob => ({
  id: backtestOf(userId),
  sequence: 1n,
  userId,
  kind: 'backtest',
  name: 'mine',
  priority: 'normal',
  spec,
  state: 'done',
  canceling: false,
  progress: 1,
  attempts: 1,
  fault: null,
  summary: { trades: 2, finalEquity: 10_010.5, warnings: [] },
  createdAt: at,
  startedAt: at,
  finishedAt: at,
  ...changes,
});

const unknown = { code: 'JOB_NOT_FOUND', field: '', text: 'there is no such job', allowed: '', next: 'List them.' };
const equity: readonly JsonObject[] = [0, 1, 2, 3, 4].map((index) => ({
  at: `2026-01-01T00:0${index}:00.000Z`,
  equity: 10_000 + index,
  low: 9_999.5,
}));
const trades: readonly JsonObject[] = [
  {
    openedAt: '2026-01-01T00:00:00.000Z',
    closedAt: '2026-01-01T00:03:00.000Z',
    quantity: 0.1,
    entryPrice: 100,
    exitPrice: 101,
    fees: 0.02,
    net: 0.08,
    netPct: 0.8,
    exitReason: 'signal',
    entryTag: '',
    exitTag: 'crossed',
  },
];

const jobIs = { backtest: jobOf, certificate: certificateJob, optimisation: optimisationJob } as const;

/** Everybody has one job of each kind that is done, and what is sent is taken. */
export function researchAnswer(request: ResearchRequest): ResearchAnswer {
  const { userId } = request;
  const jobs = (...some: readonly ResearchJob[]): ResearchAnswer => ({ ok: true, value: { kind: 'jobs', jobs: some } });
  switch (request.kind) {
    case 'submit': {
      const queued = { state: 'queued', summary: null, startedAt: null, finishedAt: null } as const;
      return jobs(jobIs[request.job.kind](userId, { ...request.job, ...queued, progress: 0, attempts: 0 }));
    }
    case 'list':
      return request.before === null ? jobs(jobIs[request.of](userId)) : jobs();
    case 'get':
    case 'cancel': {
      const found = researchKinds.map((kind) => jobIs[kind](userId)).find(({ id }) => id === request.jobId);
      return found === undefined ? { ok: false, refusals: [unknown] } : jobs(found);
    }
    case 'series': {
      if (request.jobId !== backtestOf(userId)) return { ok: false, refusals: [unknown] };
      const all = request.series === 'equity' ? equity : trades;
      const rows = all.slice(request.from, request.from + request.limit);
      return { ok: true, value: { kind: 'rows', rows, total: all.length } };
    }
  }
}
