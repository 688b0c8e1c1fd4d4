import { get, post } from './route-builder.js';
import * as form from './schemas.js';
import { jobParams, jobQuery } from './schemas-jobs.js';
import * as optimisations from './schemas-optimisations.js';

/** Searches for parameters, apart from trading. */
export const optimisationRoutes = {
  listOptimisations: get('/v1/optimisations', {
    summary: 'My searches for parameters, newest first',
    access: 'viewer',
    query: jobQuery,
    reply: form.listOf(optimisations.optimisationRow),
  }),
  runOptimisation: post('/v1/optimisations', {
    summary: 'Queue a search for parameters over the candles of a venue',
    access: 'trader',
    body: optimisations.newOptimisationBody,
    status: 202,
    reply: optimisations.optimisationRow,
  }),
  getOptimisation: get('/v1/optimisations/:job', {
    summary: 'One search; what it came to when it is done',
    access: 'viewer',
    params: jobParams,
    reply: optimisations.optimisationRow,
  }),
  cancelOptimisation: post('/v1/optimisations/:job/cancel', {
    summary: 'End a search that waits or runs',
    access: 'trader',
    params: jobParams,
    status: 202,
    reply: optimisations.optimisationRow,
  }),
} as const;
