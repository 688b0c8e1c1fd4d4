import { z } from 'zod';
import type { NewJob } from '../../domain/job.js';
import { jsonObject } from './schemas.js';
import { assumptionFields, assumptionForm, jobForm, subjectFields, wholeAssumptions } from './schemas-jobs.js';

const seedMax = 2 ** 31 - 1;
const barsMax = 10_000_000;
const rangesMax = 64;
const triesMax = 2 ** 32 - 1;
const searchKinds = ['grid', 'random', 'tpe'] as const;
const objectives = ['sharpe', 'return', 'calmar', 'profit-factor'] as const;
const walkForwardKinds = ['usual', 'none', 'windows'] as const;

const bars = z.number().int().min(0).max(barsMax);
const percent = z.number().min(0).max(100);

/** What each of it may be says research, which knows the strategy; here is said what is a number. */
const wish = {
  space: z.array(z.string().min(1).max(200)).max(rangesMax).default([]),
  search: z
    .strictObject({
      kind: z.enum(searchKinds).default('grid'),
      tries: z.number().int().min(1).max(triesMax).default(200),
      seed: z.number().int().min(0).max(seedMax).default(1),
    })
    .prefault({}),
  objective: z.enum(objectives).default('sharpe'),
  walkForward: z
    .strictObject({
      kind: z.enum(walkForwardKinds).default('usual'),
      train: bars.nullable().default(null),
      test: bars.nullable().default(null),
      anchored: z.boolean().default(false),
    })
    .prefault({}),
  folds: z
    .strictObject({
      groups: z.number().int().min(2).max(100),
      testGroups: z.number().int().min(1).max(99).default(1),
      purge: bars.nullable().default(null),
      embargo: bars.nullable().default(null),
    })
    .nullable()
    .default(null),
  monteCarlo: z
    .strictObject({ runs: z.number().int().min(1).max(10_000).default(1_000), ruinPct: percent.default(50) })
    .prefault({}),
  withinPct: percent.default(20),
};

export const newOptimisationBody: z.ZodType<NewJob> = z
  .strictObject({ ...subjectFields, ...assumptionFields, ...wish })
  .transform(
    ({ name, priority, ...spec }): NewJob => ({ name, priority, spec: { ...spec, ...wholeAssumptions(spec) } }),
  );

const length = z.number().int().nullable();

/** A search as it is shown. */
export const optimisationRow = z.object({
  ...jobForm,
  ...assumptionForm,
  space: z.array(z.string()).readonly(),
  search: z.object({ kind: z.string(), tries: z.number().int(), seed: z.number().int() }),
  objective: z.string(),
  walkForward: z.object({ kind: z.string(), train: length, test: length, anchored: z.boolean() }),
  folds: z
    .object({ groups: z.number().int(), testGroups: z.number().int(), purge: length, embargo: length })
    .nullable(),
  monteCarlo: z.object({ runs: z.number().int(), ruinPct: z.number() }),
  withinPct: z.number(),
  result: jsonObject.nullable(),
});
