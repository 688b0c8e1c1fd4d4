import type { Timestamp } from '@scalpstorm/kernel';
import type { Candle, InstrumentId, JsonObject, Timeframe, UserId } from '@scalpstorm/model';
import type { Meta } from './contract.js';
import type { Answer } from './questions.js';

/** What can be worked out apart from trading. */
export const researchKinds = ['backtest', 'certificate', 'optimisation'] as const;
export type ResearchKind = (typeof researchKinds)[number];

/** Among the jobs of one user; between users it is whose turn it is. */
export const jobPriorities = ['low', 'normal', 'high'] as const;
export type JobPriority = (typeof jobPriorities)[number];

export const jobStates = ['queued', 'running', 'done', 'failed', 'canceled'] as const;
export type JobState = (typeof jobStates)[number];

/** What a job that is done has besides its summary. */
export const jobSeries = ['equity', 'trades'] as const;
export type JobSeries = (typeof jobSeries)[number];

/** Of a page of jobs. It has fewer where they would not fit into one answer, so that the last page is the one that is empty. */
export const jobsAtOnceMax = 50;

export interface JobFault {
  /** Stable, e.g. `JOB_OUT_OF_MEMORY`. */
  readonly code: string;
  readonly text: string;
  readonly next: string;
}

export interface ResearchJob {
  readonly id: string;
  /** Grows from job to job. */
  readonly sequence: bigint;
  readonly userId: UserId;
  readonly kind: ResearchKind;
  readonly name: string;
  readonly priority: JobPriority;
  readonly spec: JsonObject;
  readonly state: JobState;
  /** It runs and is to end. */
  readonly canceling: boolean;
  /** From 0 to 1. */
  readonly progress: number;
  /** How often it was begun. */
  readonly attempts: number;
  /** Of a job that failed. */
  readonly fault: JobFault | null;
  /** Of a job that is done. */
  readonly summary: JsonObject | null;
  readonly createdAt: Timestamp;
  readonly startedAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
}

export type ResearchRequest = { readonly userId: UserId } & (
  | {
      readonly kind: 'submit';
      /** The same one is the same job. */
      readonly commandId: string;
      readonly job: Pick<ResearchJob, 'kind' | 'name' | 'priority' | 'spec'>;
    }
  | {
      readonly kind: 'list';
      readonly of: ResearchKind;
      /** Null: also those that are over. */
      readonly open: boolean | null;
      /** Jobs older than this one; null: from the newest on. */
      readonly before: bigint | null;
      /** At most `jobsAtOnceMax`. */
      readonly limit: number;
    }
  | { readonly kind: 'get' | 'cancel'; readonly jobId: string }
  | {
      readonly kind: 'series';
      readonly jobId: string;
      readonly series: JobSeries;
      /** The index of the first row. */
      readonly from: number;
      readonly limit: number;
    }
);
export type ResearchAnswer = Answer<
  | { readonly kind: 'jobs'; readonly jobs: readonly ResearchJob[] }
  /** `total`: of the whole series. */
  | { readonly kind: 'rows'; readonly rows: readonly JsonObject[]; readonly total: number }
>;

export interface ResearchJobChanged {
  readonly meta: Meta;
  readonly job: ResearchJob;
}

/** A rule was examined; the newest of a version counts. */
export interface CertificateIssued {
  /** `occurredAt`: when it was examined. */
  readonly meta: Meta;
  /** Whose it is: it counts for their bots. */
  readonly userId: UserId;
  readonly jobId: string;
  /** The id of the rule, to be read by people. */
  readonly strategy: string;
  /** SHA-256 of `versionText`; hex. */
  readonly version: string;
  /** It passed every check. */
  readonly valid: boolean;
  readonly failedChecks: readonly string[];
}

export interface CandlesRequest {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  /** Candles that opened then or later. */
  readonly from: Timestamp;
  /** At most 1000. */
  readonly limit: number;
}
/** Oldest first, all of them over. */
export type CandlesAnswer = Answer<readonly Candle[]>;
