import {
  type JobFault,
  type JobState,
  jobPriorities,
  type ResearchJob,
  type ResearchKind,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type JsonObject, UserId } from '@scalpstorm/model';

export interface JobRow {
  readonly sequence: bigint;
  readonly id: string;
  readonly user_id: string;
  readonly kind: ResearchKind;
  readonly name: string;
  readonly priority: number;
  readonly spec: JsonObject;
  readonly state: JobState;
  readonly canceling: boolean;
  readonly progress: number;
  readonly attempts: number;
  readonly fault: JobFault | null;
  readonly summary: JsonObject | null;
  readonly created_at: bigint;
  readonly started_at: bigint | null;
  readonly finished_at: bigint | null;
}

export const priorityOf = (priority: ResearchJob['priority']): number => jobPriorities.indexOf(priority);

const timeOf = (micros: bigint): Timestamp => Timestamp.fromMicros(Number(micros));

export const jobOf = (row: JobRow): ResearchJob => ({
  id: row.id,
  sequence: row.sequence,
  userId: UserId.of(row.user_id),
  kind: row.kind,
  name: row.name,
  priority: jobPriorities[row.priority] ?? 'normal',
  spec: row.spec,
  state: row.state,
  canceling: row.canceling,
  progress: row.progress,
  attempts: row.attempts,
  fault: row.fault,
  summary: row.summary,
  createdAt: timeOf(row.created_at),
  startedAt: row.started_at === null ? null : timeOf(row.started_at),
  finishedAt: row.finished_at === null ? null : timeOf(row.finished_at),
});
