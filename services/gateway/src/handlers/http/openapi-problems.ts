import type { AnyRoute } from './route.js';

interface ProblemStatus {
  readonly status: number;
  readonly description: string;
}

/** Which problems a route can answer with, by what it takes and who may call it. */
export function apiProblemStatuses(route: AnyRoute): readonly ProblemStatus[] {
  const guarded = route.access !== 'public';
  const changes = route.method !== 'GET';
  const statuses: readonly (ProblemStatus & { readonly when: boolean })[] = [
    { status: 400, description: 'The request cannot be read.', when: changes },
    { status: 401, description: 'Not logged in, or not with these words.', when: guarded || route.tag === 'sessions' },
    {
      status: 403,
      description: 'The role, the key or the token is not enough.',
      when: guarded || route.path === '/v1/setup',
    },
    {
      status: 404,
      description: 'There is no such object, or it is not yours.',
      when: route.path.includes(':') || changes,
    },
    { status: 409, description: 'The state of things does not allow it now.', when: changes },
    { status: 412, description: 'It was changed since it was read.', when: route.ifMatch },
    { status: 413, description: 'The body is too large.', when: changes },
    { status: 415, description: 'The body is not JSON.', when: changes },
    { status: 422, description: 'Some values are not accepted; each is named.', when: true },
    { status: 429, description: 'Too many requests or attempts.', when: true },
    { status: 502, description: 'The venue did not answer.', when: route.tag === 'venue accounts' && changes },
    { status: 503, description: 'A part of the platform did not answer; repeat with the same key.', when: guarded },
  ];
  return statuses.filter(({ when, status }) => when && status !== route.status);
}
