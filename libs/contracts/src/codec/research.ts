import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { unreachable } from '@scalpstorm/kernel';
import { defineContract, defineQuestion } from '../define.js';
import * as wire from '../generated/scalpstorm/research/v1/research_pb.js';
import {
  type CertificateIssued,
  jobPriorities,
  jobSeries,
  jobStates,
  type ResearchAnswer,
  type ResearchJob,
  type ResearchJobChanged,
  type ResearchRequest,
  researchKinds,
} from '../research.js';
import { readAnswer } from './answers.js';
import {
  present,
  readAll,
  readChoice,
  readCommandId,
  readCount,
  readJsonObject,
  readMeta,
  readOptional,
  readText,
  readTimestamp,
  readUserId,
  unreadable,
  writeJsonObject,
  writeMeta,
  writeOptionalTimestamp,
  writeRefusals,
  writeTimestamp,
} from './values.js';

type Request = typeof wire.ResearchAskRequestSchema;
type Command = MessageShape<Request>['command'];
type CommandInit = Exclude<MessageInitShape<Request>, MessageShape<Request>>['command'];

const versionPattern = /^[0-9a-f]{64}$/;

export const researchJobChanged = defineContract({
  schema: wire.ResearchJobChangedSchema,
  toWire: ({ meta, job }: ResearchJobChanged) => ({ meta: writeMeta(meta), job: writeJob(job) }),
  fromWire: ({ meta, job }, at): ResearchJobChanged => ({
    meta: readMeta(meta, at),
    job: readJob(present(job, `${at}.job`), `${at}.job`),
  }),
});

export const certificateIssued = defineContract({
  schema: wire.CertificateIssuedSchema,
  toWire: ({ meta, failedChecks, ...event }: CertificateIssued) => ({
    meta: writeMeta(meta),
    userId: event.userId,
    jobId: event.jobId,
    strategy: event.strategy,
    version: event.version,
    valid: event.valid,
    failedChecks: [...failedChecks],
  }),
  fromWire: ({ meta, userId, jobId, strategy, version, valid, failedChecks }, at): CertificateIssued => ({
    meta: readMeta(meta, at),
    userId: readUserId(userId, `${at}.user_id`),
    jobId: readText(jobId, `${at}.job_id`),
    strategy: readText(strategy, `${at}.strategy`),
    version: versionPattern.test(version) ? version : unreadable(`${at}.version`, 'not a SHA-256', version),
    valid,
    failedChecks,
  }),
});

export const researchQuestion = defineQuestion(
  {
    schema: wire.ResearchAskRequestSchema,
    toWire: (request: ResearchRequest) => ({ userId: request.userId, command: writeCommand(request) }),
    fromWire: ({ userId, command }, at): ResearchRequest => ({
      userId: readUserId(userId, `${at}.user_id`),
      ...readCommand(command, at),
    }),
  },
  {
    schema: wire.ResearchAskReplySchema,
    toWire: (reply: ResearchAnswer) => ({ answer: writeAnswer(reply) }),
    fromWire: ({ answer }, at): ResearchAnswer =>
      readAnswer(answer, at, {
        jobs: ({ jobs }: wire.Jobs, each) => ({ kind: 'jobs' as const, jobs: readAll(jobs, `${each}.jobs`, readJob) }),
        rows: ({ rowsJson, total }: wire.Rows, each) => ({
          kind: 'rows' as const,
          rows: readAll(rowsJson, `${each}.rows_json`, readJsonObject),
          total,
        }),
      }),
  },
);

function writeCommand(request: ResearchRequest): CommandInit {
  switch (request.kind) {
    case 'submit': {
      const { kind, name, priority, spec } = request.job;
      const value = { commandId: request.commandId, kind, name, priority, specJson: writeJsonObject(spec) };
      return { case: 'submit' as const, value };
    }
    case 'list': {
      const { of: kind, open, before, limit } = request;
      return { case: 'list' as const, value: { kind, open: open ?? undefined, before: before ?? undefined, limit } };
    }
    case 'get':
      return { case: 'get' as const, value: { jobId: request.jobId } };
    case 'cancel':
      return { case: 'cancel' as const, value: { jobId: request.jobId } };
    case 'series': {
      const { jobId, series, from, limit } = request;
      return { case: 'readSeries' as const, value: { jobId, series, from, limit } };
    }
    default:
      return unreachable(request, 'research request');
  }
}

function readCommand(command: Command, at: string) {
  switch (command.case) {
    case 'submit': {
      const { commandId, kind, name, priority, specJson } = command.value;
      return {
        kind: 'submit' as const,
        commandId: readCommandId(commandId, `${at}.submit.command_id`),
        job: {
          kind: readChoice(researchKinds, kind, `${at}.submit.kind`),
          name,
          priority: readChoice(jobPriorities, priority, `${at}.submit.priority`),
          spec: readJsonObject(specJson, `${at}.submit.spec_json`),
        },
      };
    }
    case 'list': {
      const { kind, open, before, limit } = command.value;
      const of = readChoice(researchKinds, kind, `${at}.list.kind`);
      return { kind: 'list' as const, of, open: open ?? null, before: before ?? null, limit };
    }
    case 'get':
      return { kind: 'get' as const, jobId: readText(command.value.jobId, `${at}.get.job_id`) };
    case 'cancel':
      return { kind: 'cancel' as const, jobId: readText(command.value.jobId, `${at}.cancel.job_id`) };
    case 'readSeries': {
      const { jobId, series, from, limit } = command.value;
      return {
        kind: 'series' as const,
        jobId: readText(jobId, `${at}.read_series.job_id`),
        series: readChoice(jobSeries, series, `${at}.read_series.series`),
        from,
        limit,
      };
    }
    case undefined:
      return unreadable(`${at}.command`, 'missing');
    default:
      return unreachable(command, 'research command');
  }
}

function writeAnswer(reply: ResearchAnswer): MessageInitShape<typeof wire.ResearchAskReplySchema>['answer'] {
  if (!reply.ok) return { case: 'refused' as const, value: writeRefusals(reply.refusals) };
  if (reply.value.kind === 'jobs') return { case: 'jobs' as const, value: { jobs: reply.value.jobs.map(writeJob) } };
  const { rows, total } = reply.value;
  return { case: 'rows' as const, value: { rowsJson: rows.map(writeJsonObject), total } };
}

const writeJob = ({ spec, summary, fault, ...job }: ResearchJob): MessageInitShape<typeof wire.ResearchJobSchema> => ({
  id: job.id,
  sequence: job.sequence,
  userId: job.userId,
  kind: job.kind,
  name: job.name,
  priority: job.priority,
  specJson: writeJsonObject(spec),
  state: job.state,
  canceling: job.canceling,
  progress: job.progress,
  attempts: job.attempts,
  fault: fault ?? undefined,
  summaryJson: summary === null ? undefined : writeJsonObject(summary),
  createdAtUs: writeTimestamp(job.createdAt),
  startedAtUs: writeOptionalTimestamp(job.startedAt),
  finishedAtUs: writeOptionalTimestamp(job.finishedAt),
});

function readJob(job: wire.ResearchJob, at: string): ResearchJob {
  readCount(job.sequence, `${at}.sequence`);
  if (!(job.progress >= 0 && job.progress <= 1)) unreadable(`${at}.progress`, 'not from 0 to 1', String(job.progress));
  return {
    id: readText(job.id, `${at}.id`),
    sequence: job.sequence,
    userId: readUserId(job.userId, `${at}.user_id`),
    kind: readChoice(researchKinds, job.kind, `${at}.kind`),
    name: job.name,
    priority: readChoice(jobPriorities, job.priority, `${at}.priority`),
    spec: readJsonObject(job.specJson, `${at}.spec_json`),
    state: readChoice(jobStates, job.state, `${at}.state`),
    canceling: job.canceling,
    progress: job.progress,
    attempts: job.attempts,
    fault: readOptional(job.fault, `${at}.fault`, ({ code, text, next }, each) => ({
      code: readText(code, `${each}.code`),
      text,
      next,
    })),
    summary: readOptional(job.summaryJson, `${at}.summary_json`, readJsonObject),
    createdAt: readTimestamp(job.createdAtUs, `${at}.created_at_us`),
    startedAt: readOptional(job.startedAtUs, `${at}.started_at_us`, readTimestamp),
    finishedAt: readOptional(job.finishedAtUs, `${at}.finished_at_us`, readTimestamp),
  };
}
