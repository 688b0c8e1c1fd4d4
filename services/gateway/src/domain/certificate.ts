import type { JobPriority, ResearchJob } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';

/** What is to be examined; research checks what it means. */
export interface NewCertificate {
  readonly name: string;
  readonly priority: JobPriority;
  readonly spec: JsonObject;
}

/** A job that examines a rule, with what it found when it is done. */
export function certificateView({ spec, summary, ...job }: ResearchJob) {
  const { version = null, valid = null } = summary ?? {};
  return {
    id: job.id,
    name: job.name,
    priority: job.priority,
    strategy: String(spec['strategy']),
    parameters: (spec['parameters'] ?? {}) as JsonObject,
    instrument: String(spec['instrument']),
    timeframe: String(spec['timeframe']),
    state: job.state,
    final: job.finishedAt !== null,
    progress: job.progress,
    fault: job.fault,
    version: typeof version === 'string' ? version : null,
    valid: typeof valid === 'boolean' ? valid : null,
    certificate: summary,
    createdAt: Timestamp.toIso(job.createdAt),
    startedAt: job.startedAt === null ? null : Timestamp.toIso(job.startedAt),
    finishedAt: job.finishedAt === null ? null : Timestamp.toIso(job.finishedAt),
  };
}
export type CertificateView = ReturnType<typeof certificateView>;
