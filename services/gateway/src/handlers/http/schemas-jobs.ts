import { jobPriorities, jobStates, researchKinds } from '@scalpstorm/contracts';
import { timeframes } from '@scalpstorm/model';
import { z } from 'zod';
import { jsonObject, moment, type PageQuery, page, time } from './schemas.js';
import { instrumentText } from './schemas-platform.js';

const sizeKinds = ['all-in', 'fraction', 'quantity', 'cash'] as const;
const slippageKinds = ['none', 'fixed', 'volatility', 'square-root'] as const;
const paths = ['stop-first', 'take-profit-first'] as const;

const bps = z.number().min(0).max(1_000);
const positive = z.number().positive().max(1e15);

/** What every request of a job has. */
export const subjectFields = {
  name: z.string().trim().max(60).default(''),
  priority: z.enum(jobPriorities).default('normal'),
  strategy: z.string().min(1).max(60),
  parameters: jsonObject.default({}),
  instrument: instrumentText,
  timeframe: z.enum(timeframes),
};

/** From when to when, and what is assumed about money and market. What each number may be says research; here is said what is a number. */
export const assumptionFields = {
  from: moment,
  to: moment,
  cash: positive.default(10_000),
  size: z.strictObject({ kind: z.enum(sizeKinds), value: positive.optional() }).default({ kind: 'all-in' }),
  feeBps: bps.default(10),
  makerFeeBps: bps.optional(),
  spreadBps: bps.default(0),
  slippage: z
    .strictObject({ kind: z.enum(slippageKinds), value: z.number().min(0).max(1_000).optional() })
    .default({ kind: 'none' }),
  liquidityShare: z.number().positive().max(1).optional(),
  path: z.enum(paths).default('stop-first'),
};
const assumptions = z.object(assumptionFields);

/** The same with nothing left out, as research keeps them. */
export function wholeAssumptions(given: z.output<typeof assumptions>) {
  const { size, slippage, makerFeeBps, liquidityShare } = given;
  return {
    ...given,
    from: new Date(given.from).toISOString(),
    to: new Date(given.to).toISOString(),
    size: { ...size, value: size.value ?? null },
    slippage: { ...slippage, value: slippage.value ?? null },
    makerFeeBps: makerFeeBps ?? given.feeBps,
    liquidityShare: liquidityShare ?? null,
  };
}

export const jobParams: z.ZodType<{ readonly job: string }> = z.object({
  job: z.string().regex(/^job_[0-9a-z]{12}$/, { error: 'not the id of a job' }),
});

export const jobQuery: z.ZodType<PageQuery & { readonly status?: 'open' | 'final' | undefined }> = page.extend({
  status: z.enum(['open', 'final']).optional(),
});

const assumption = z.object({ kind: z.string(), value: z.number().nullable() });

/** Of every job as it is shown. */
export const jobForm = {
  id: z.string(),
  kind: z.enum(researchKinds),
  name: z.string(),
  priority: z.enum(jobPriorities),
  strategy: z.string(),
  parameters: jsonObject,
  instrument: z.string(),
  timeframe: z.string(),
  state: z.enum(jobStates),
  final: z.boolean(),
  canceling: z.boolean(),
  progress: z.number(),
  attempts: z.number().int(),
  fault: z.object({ code: z.string(), text: z.string(), next: z.string() }).nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
};

export const assumptionForm = {
  from: time,
  to: time,
  cash: z.number(),
  size: assumption,
  feeBps: z.number(),
  makerFeeBps: z.number(),
  spreadBps: z.number(),
  slippage: assumption,
  liquidityShare: z.number().nullable(),
  path: z.string(),
};
