import type { JobFault } from '@scalpstorm/contracts';

/** What ends a job without a result, besides what the work itself finds wrong. */
export const jobFaults = {
  outOfMemory: (megabytes: number): JobFault => ({
    code: 'JOB_OUT_OF_MEMORY',
    text: `It needed more than ${megabytes} MB.`,
    next: 'Test over less data, or have RESEARCH_MEMORY_MB raised.',
  }),
  tooLong: (seconds: number): JobFault => ({
    code: 'JOB_TOO_LONG',
    text: `It was not done after ${seconds} s of work.`,
    next: 'Test over less data, or have RESEARCH_JOB_TIME_MAX raised; a strategy that never ends looks like this, too.',
  }),
  crashed: (text: string): JobFault => ({
    code: 'JOB_CRASHED',
    text: `Its worker ended: ${text}`,
    next: 'Run it again; report it if that happens twice.',
  }),
  lost: (times: number): JobFault => ({
    code: 'JOB_WORKER_LOST',
    text: `Whoever ran it was lost ${times} times.`,
    next: 'Run it again; if other jobs end well, this one is too much for the machine: test over less data.',
  }),
  noData: (instrument: string): JobFault => ({
    code: 'NO_CANDLES',
    text: `The venue has no candles of ${instrument} in that time.`,
    next: 'Choose a later time, or another timeframe: a venue keeps fewer days of short ones.',
  }),
  noCandles: (why: string): JobFault => ({
    code: 'CANDLES_UNAVAILABLE',
    text: `The candles could not be fetched: ${why}`,
    next: 'Run it again when the venue answers.',
  }),
  notKept: (): JobFault => ({
    code: 'TRIALS_NOT_KEPT',
    text: 'What it tried could not be written down, and a trial that is not counted would make its best look better.',
    next: 'Run it again; if that happens twice, look after the database.',
  }),
} as const;

/** Ends a job with a fault that its user is told. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';

  constructor(
    readonly fault: JobFault,
    options?: ErrorOptions,
  ) {
    super(`${fault.code}: ${fault.text}`, options);
  }
}

/** It ended because nobody wants it here any more: it was canceled, taken over, or the service stops. */
export class JobAborted extends Error {
  override readonly name = 'JobAborted';
}
