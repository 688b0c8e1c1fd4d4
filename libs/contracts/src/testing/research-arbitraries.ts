import { timeframes } from '@scalpstorm/model';
import fc from 'fast-check';
import {
  type CandlesRequest,
  type CertificateIssued,
  jobPriorities,
  jobSeries,
  jobStates,
  type ResearchJob,
  type ResearchRequest,
  researchKinds,
} from '../index.js';
import { count, few, id, instrumentId, json, orNull, text, timestamp, userId } from './value-arbitraries.js';

const kind = fc.constantFrom(...researchKinds);
const priority = fc.constantFrom(...jobPriorities);
const sequence = fc.bigInt({ min: 1n, max: 2n ** 53n - 1n });

export const researchJob: fc.Arbitrary<ResearchJob> = fc.record({
  id,
  sequence,
  userId,
  kind,
  name: text,
  priority,
  spec: json,
  state: fc.constantFrom(...jobStates),
  canceling: fc.boolean(),
  progress: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
  attempts: count,
  fault: orNull(fc.record({ code: id, text, next: text })),
  summary: orNull(json),
  createdAt: timestamp,
  startedAt: orNull(timestamp),
  finishedAt: orNull(timestamp),
});

export const researchRequest: fc.Arbitrary<ResearchRequest> = fc.oneof(
  fc.record({
    userId,
    kind: fc.constant('submit' as const),
    commandId: id,
    job: fc.record({ kind, name: text, priority, spec: json }),
  }),
  fc.record({
    userId,
    kind: fc.constant('list' as const),
    of: kind,
    open: orNull(fc.boolean()),
    before: orNull(sequence),
    limit: count,
  }),
  fc.record({ userId, kind: fc.constantFrom('get' as const, 'cancel' as const), jobId: id }),
  fc.record({
    userId,
    kind: fc.constant('series' as const),
    jobId: id,
    series: fc.constantFrom(...jobSeries),
    from: count,
    limit: count,
  }),
);

export const researchValue = fc.oneof(
  fc.record({ kind: fc.constant('jobs' as const), jobs: few(researchJob) }),
  fc.record({ kind: fc.constant('rows' as const), rows: few(json), total: count }),
);

export const candlesRequest: fc.Arbitrary<CandlesRequest> = fc.record({
  instrumentId,
  timeframe: fc.constantFrom(...timeframes),
  from: timestamp,
  limit: count,
});

/** Without its meta. */
export const certificateIssued: fc.Arbitrary<Omit<CertificateIssued, 'meta'>> = fc.record({
  userId,
  jobId: id,
  strategy: id,
  version: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map((number) => number.toString(16).padStart(64, '0')),
  valid: fc.boolean(),
  failedChecks: few(id),
});
