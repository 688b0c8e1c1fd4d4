import type { ResearchJob } from '@scalpstorm/contracts';
import { standingOf, subjectOf } from './job.js';

/** A job that examines a rule, with what it found when it is done. */
export function certificateView(job: ResearchJob) {
  const { version = null, valid = null } = job.summary ?? {};
  return {
    ...standingOf(job),
    ...subjectOf(job.spec),
    version: typeof version === 'string' ? version : null,
    valid: typeof valid === 'boolean' ? valid : null,
    certificate: job.summary,
  };
}
export type CertificateView = ReturnType<typeof certificateView>;
