import { get, person, post } from './route-builder.js';
import * as form from './schemas.js';
import * as audit from './schemas-audit.js';

/** Whether what happened is still written down as it was. */
export const auditRoutes = {
  listAuditRecords: get('/v1/audit/records', {
    summary:
      'Who did what, when: log-ins, people, keys, commands of the brake and about limits, states of trading; newest first',
    access: 'risk',
    ...person,
    query: audit.auditRecordsQuery,
    reply: form.listOf(audit.auditRecordRow),
  }),
  listAnomalies: get('/v1/audit/anomalies', {
    summary: 'What was unusual about log-ins, keys of programs and orders, newest first',
    access: 'risk',
    ...person,
    query: audit.anomaliesQuery,
    reply: form.listOf(audit.anomalyRow),
  }),
  listAuditChains: get('/v1/audit', {
    summary: 'The chains of the audit log: where each begins and ends, and what was told of it outside of its table',
    access: 'admin',
    ...person,
    reply: form.listOf(audit.auditChainRow),
  }),
  verifyAuditChain: post('/v1/audit/verify', {
    summary:
      'Check the next part of a chain, against the anchors kept here and those of the body; names the first bad row',
    access: 'admin',
    ...person,
    // It changes nothing, so there is nothing that a repeat could do twice.
    idempotent: false,
    body: audit.auditVerifyBody,
    reply: audit.auditCheckReply,
  }),
} as const;
