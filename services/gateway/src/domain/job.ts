import type { JobPriority, ResearchJob } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';

/** What is to be worked out, with every default filled in that is not research's own; research checks what it means. */
export interface NewJob {
  readonly name: string;
  readonly priority: JobPriority;
  readonly spec: JsonObject;
}

/** Of any job: whose turn it is, and what became of it. */
export const standingOf = (job: ResearchJob) => ({
  id: job.id,
  kind: job.kind,
  name: job.name,
  priority: job.priority,
  state: job.state,
  final: job.finishedAt !== null,
  canceling: job.canceling,
  progress: job.progress,
  attempts: job.attempts,
  fault: job.fault,
  createdAt: Timestamp.toIso(job.createdAt),
  startedAt: job.startedAt === null ? null : Timestamp.toIso(job.startedAt),
  finishedAt: job.finishedAt === null ? null : Timestamp.toIso(job.finishedAt),
});

/** The rule that a job is about, and the bars that it wants. */
export const subjectOf = ({ strategy, parameters, instrument, timeframe }: JsonObject) => ({
  strategy: String(strategy),
  parameters: (parameters ?? {}) as JsonObject,
  instrument: String(instrument),
  timeframe: String(timeframe),
});

export interface Assumption {
  readonly kind: string;
  readonly value: number | null;
}

/** From when to when, and what is assumed about money and market. */
export const assumptionsOf = (spec: JsonObject) => ({
  from: String(spec['from']),
  to: String(spec['to']),
  cash: Number(spec['cash']),
  size: assumptionOf(spec['size']),
  feeBps: Number(spec['feeBps']),
  makerFeeBps: Number(spec['makerFeeBps'] ?? spec['feeBps']),
  spreadBps: Number(spec['spreadBps']),
  slippage: assumptionOf(spec['slippage']),
  liquidityShare: typeof spec['liquidityShare'] === 'number' ? spec['liquidityShare'] : null,
  path: String(spec['path']),
});

function assumptionOf(given: Json | undefined): Assumption {
  const { kind, value } = given as { readonly kind: string; readonly value?: number };
  return { kind, value: value ?? null };
}
