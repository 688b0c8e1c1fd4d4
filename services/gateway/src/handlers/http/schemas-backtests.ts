import { z } from 'zod';
import type { NewJob } from '../../domain/job.js';
import { jsonObject, type PageQuery, page, time } from './schemas.js';
import { assumptionFields, assumptionForm, jobForm, subjectFields, wholeAssumptions } from './schemas-jobs.js';

const equityPointsMax = 5_000;

export const newBacktestBody: z.ZodType<NewJob> = z
  .strictObject({ ...subjectFields, ...assumptionFields, fast: z.boolean().default(false) })
  .transform(
    ({ name, priority, ...spec }): NewJob => ({ name, priority, spec: { ...spec, ...wholeAssumptions(spec) } }),
  );

export const equityQuery: z.ZodType<PageQuery> = page.extend({
  limit: z.coerce.number().int().min(1).max(equityPointsMax).default(1_000),
});

/** A backtest as it is shown. */
export const backtestRow = z.object({
  ...jobForm,
  ...assumptionForm,
  fast: z.boolean(),
  summary: jsonObject.nullable(),
});

export const equityRow = z.object({ at: time, equity: z.number(), low: z.number() });

export const backtestTradeRow = z.object({
  openedAt: time,
  closedAt: time,
  quantity: z.number(),
  entryPrice: z.number(),
  exitPrice: z.number(),
  fees: z.number(),
  net: z.number(),
  netPct: z.number(),
  exitReason: z.string(),
  entryTag: z.string(),
  exitTag: z.string(),
});
