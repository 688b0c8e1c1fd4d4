import { auditFaultKinds } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { z } from 'zod';
import { type AnomalyRule, anomalyRules } from '../../domain/anomaly.js';
import { auditServices, readableChains } from '../../use-cases/audit.js';
import { jsonObject, moment, type PageQuery, page, time } from './schemas.js';

const sequenceMax = 4_294_967_295;
const mark = z.object({
  sequence: z.number().int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/, { error: 'not a hash of 64 hexadecimal digits' }),
});
const asked = mark.strict().extend({ sequence: z.number().int().min(0).max(sequenceMax) });
const service = z.enum(auditServices);

const word = z
  .string()
  .regex(/^[\x20-\x7e]{1,200}$/, { error: 'not 1 to 200 printable ASCII characters' })
  .optional();
const at = moment.transform((text) => Timestamp.fromMillis(Date.parse(text))).optional();
export interface AuditRecordsQuery extends PageQuery {
  readonly chain?: string | undefined;
  readonly kind?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly since?: Timestamp | undefined;
  readonly until?: Timestamp | undefined;
}
export const auditRecordsQuery: z.ZodType<AuditRecordsQuery> = page.extend({
  chain: z.enum(readableChains).optional(),
  kind: word,
  actor: word,
  subject: word,
  since: at,
  until: at,
});
export const auditRecordRow = z.object({
  service,
  chain: z.string(),
  sequence: z.number().int(),
  at: time,
  kind: z.string(),
  actor: z.string(),
  subject: z.string(),
  body: jsonObject,
});

export interface AnomaliesQuery extends PageQuery {
  readonly rule?: AnomalyRule | undefined;
  readonly subject?: string | undefined;
  readonly user?: UserId | undefined;
}
export const anomaliesQuery: z.ZodType<AnomaliesQuery> = page.extend({
  rule: z.enum(anomalyRules).optional(),
  subject: word,
  user: word.transform((text) => (text === undefined ? undefined : UserId.of(text))),
});
export const anomalyRow = z.object({
  id: z.string(),
  at: time,
  rule: z.enum(anomalyRules),
  subject: z.string(),
  user: z.string().nullable(),
  text: z.string(),
  evidence: jsonObject,
});

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
