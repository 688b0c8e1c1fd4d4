import { get, post } from './route-builder.js';
import * as form from './schemas.js';
import * as certificates from './schemas-certificates.js';
import { jobParams, jobQuery } from './schemas-jobs.js';

/** Whether strategies know what nobody can know: what a live bot over bars is asked for. */
export const certificateRoutes = {
  listCertificates: get('/v1/certificates', {
    summary: 'Examinations of my rules, newest first',
    access: 'viewer',
    query: jobQuery,
    reply: form.listOf(certificates.certificateRow),
  }),
  requestCertificate: post('/v1/certificates', {
    summary: 'Have a strategy examined; a live bot over bars is asked for that',
    access: 'trader',
    body: certificates.newCertificateBody,
    status: 202,
    reply: certificates.certificateRow,
  }),
  getCertificate: get('/v1/certificates/:job', {
    summary: 'One examination; its certificate when it is done',
    access: 'viewer',
    params: jobParams,
    reply: certificates.certificateRow,
  }),
  cancelCertificate: post('/v1/certificates/:job/cancel', {
    summary: 'End an examination that waits or runs',
    access: 'trader',
    params: jobParams,
    status: 202,
    reply: certificates.certificateRow,
  }),
} as const;
