import { auditFaultKinds } from '@scalpstorm/contracts';
import { z } from 'zod';
import { auditServices } from '../../use-cases/audit.js';

const sequenceMax = 4_294_967_295;
const mark = z.object({
  sequence: z.number().int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/, { error: 'not a hash of 64 hexadecimal digits' }),
});
const asked = mark.strict().extend({ sequence: z.number().int().min(0).max(sequenceMax) });
const service = z.enum(auditServices);

export const auditChainRow = z.object({
  service,
  chain: z.string(),
  head: mark.nullable(),
  checkpoint: mark.nullable(),
  anchor: mark.nullable(),
  unchained: z.number().int(),
  answered: z.boolean(),
});

export const auditVerifyBody = z.strictObject({
  service,
  chain: z.string().regex(/^[a-z0-9-]{1,64}$/, { error: 'not the name of a chain; see GET /v1/audit' }),
  after: asked.nullable().default(null),
  anchors: z.array(asked).max(500).default([]),
});
export const auditCheckReply = z.object({
  service,
  chain: z.string(),
  rows: z.number().int(),
  from: mark,
  last: mark,
  complete: z.boolean(),
  anchors: z.number().int(),
  fault: z
    .object({
      kind: z.enum(auditFaultKinds),
      sequence: z.number().int(),
      about: z.string(),
      text: z.string(),
      next: z.string(),
    })
    .nullable(),
});
