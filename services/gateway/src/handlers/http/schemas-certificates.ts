import type { JsonObject } from '@scalpstorm/model';
import { z } from 'zod';
import type { NewJob } from '../../domain/job.js';
import { jsonObject } from './schemas.js';
import { jobForm, subjectFields } from './schemas-jobs.js';

const barsMax = 30_000;
const seedMax = 2 ** 31 - 1;

/** The words of a bot, but of its parameters only those of the rule; what they may be says research. */
export const newCertificateBody: z.ZodType<NewJob> = z
  .strictObject({
    ...subjectFields,
    bars: z.number().int().min(1).max(barsMax).optional(),
    seed: z.number().int().min(0).max(seedMax).default(1),
  })
  .transform(({ name, priority, bars, ...spec }): NewJob => {
    const whole: JsonObject = bars === undefined ? spec : { ...spec, bars };
    return { name, priority, spec: whole };
  });

/** An examination as it is shown. */
export const certificateRow = z.object({
  ...jobForm,
  version: z.string().nullable(),
  valid: z.boolean().nullable(),
  certificate: jsonObject.nullable(),
});
