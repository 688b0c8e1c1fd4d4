import fc from 'fast-check';
import { type AuditMark, type AuditRequest, type AuditValue, auditFaultKinds } from '../index.js';
import { count, few, orNull, text, words } from './value-arbitraries.js';

export const auditMark: fc.Arbitrary<AuditMark> = fc.record({
  sequence: count,
  hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
});
const chain = fc.constantFrom('orders-demo', 'keys', 'access', 'verdicts');

export const auditRequest: fc.Arbitrary<AuditRequest> = fc.oneof(
  fc.constant<AuditRequest>({ kind: 'chains' }),
  fc.record({ kind: fc.constant('verify' as const), chain, after: orNull(auditMark), anchors: few(auditMark) }),
);

const fault = fc.record({
  kind: fc.constantFrom(...auditFaultKinds),
  sequence: count,
  about: text,
  text: words,
  next: text,
});
const check = fc.record({
  rows: count,
  from: auditMark,
  last: auditMark,
  complete: fc.boolean(),
  fault: orNull(fault),
});

export const auditValue: fc.Arbitrary<AuditValue> = fc.oneof(
  fc.record({
    kind: fc.constant('chains' as const),
    chains: few(fc.record({ chain, checkpoint: orNull(auditMark), head: orNull(auditMark), unchained: count })),
  }),
  fc.record({ kind: fc.constant('checked' as const), check }),
);
