import type { JobState, Refusal } from '@scalpstorm/contracts';

const refusal = (code: string, text: string, next: string): Refusal => ({ code, field: '', text, allowed: '', next });

/** Why a job can not be taken, canceled or read. */
export const jobRefusals = {
  unknown: (): Refusal => refusal('JOB_NOT_FOUND', 'there is no such job', 'List them; the ids are there.'),
  over: (state: JobState): Refusal => refusal('JOB_OVER', `the job is ${state} already`, 'Nothing is left to cancel.'),
  notDone: (state: JobState): Refusal =>
    refusal('JOB_NOT_DONE', `the job is ${state}; only one that is done has results`, 'Wait until its state is done.'),
  otherJob: (): Refusal =>
    refusal(
      'JOB_KEY_REUSED',
      'The key was used for another job; nothing was queued.',
      'Use a new key for a new request.',
    ),
  tooManyOfYours: (most: number): Refusal => ({
    ...refusal('TOO_MANY_JOBS', `${most} of your jobs wait already`, 'Cancel one, or wait until one has begun.'),
    allowed: `at most ${most}`,
  }),
  queueFull: (most: number): Refusal =>
    refusal('JOB_QUEUE_FULL', `${most} jobs of everybody wait already`, 'Send it again in some minutes.'),
} as const;
