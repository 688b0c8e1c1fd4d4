import { jobPriorities, jobStates } from '@scalpstorm/contracts';
import type { JsonObject } from '@scalpstorm/model';
import { timeframes } from '@scalpstorm/model';
import { z } from 'zod';
import type { NewCertificate } from '../../domain/certificate.js';
import { jsonObject, time } from './schemas.js';
import { instrumentText } from './schemas-platform.js';

const barsMax = 30_000;
const seedMax = 2 ** 31 - 1;

/** The words of a bot, but of its parameters only those of the rule; what they may be says research. */
export const newCertificateBody: z.ZodType<NewCertificate> = z
  .strictObject({
    name: z.string().trim().max(60).default(''),
    priority: z.enum(jobPriorities).default('normal'),
    strategy: z.string().min(1).max(60),
    parameters: jsonObject.default({}),
    instrument: instrumentText,
    timeframe: z.enum(timeframes),
    bars: z.number().int().min(1).max(barsMax).optional(),
    seed: z.number().int().min(0).max(seedMax).default(1),
  })
  .transform(({ name, priority, bars, ...spec }): NewCertificate => {
    const whole: JsonObject = bars === undefined ? spec : { ...spec, bars };
    return { name, priority, spec: whole };
  });

/** An examination as it is shown. */
export const certificateRow = z.object({
  id: z.string(),
  name: z.string(),
  priority: z.enum(jobPriorities),
  strategy: z.string(),
  parameters: jsonObject,
  instrument: z.string(),
  timeframe: z.string(),
  state: z.enum(jobStates),
  final: z.boolean(),
  progress: z.number(),
  fault: z.object({ code: z.string(), text: z.string(), next: z.string() }).nullable(),
  version: z.string().nullable(),
  valid: z.boolean().nullable(),
  certificate: jsonObject.nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
});
