import { get, patch, person, post, remove, sealed, secret, shownOnce } from './route-builder.js';
import * as form from './schemas.js';
import * as people from './schemas-people.js';
import * as platform from './schemas-platform.js';

/** Who may come in: set-up, log-in, users and the keys of programs. */
export const sessionRoutes = {
  setupState: get('/v1/setup', {
    summary: 'Does the first user still have to be set up?',
    access: 'public',
    reply: people.setupState,
  }),
  setUp: post('/v1/setup', {
    summary: 'Create the first user',
    access: 'public',
    body: people.setupBody,
    status: 201,
    reply: people.setupReply,
    ...secret,
  }),
  logIn: post('/v1/auth/login', {
    summary: 'Log in',
    access: 'public',
    body: people.credentials,
    reply: people.sessionReply,
    ...secret,
  }),
  refresh: post('/v1/auth/refresh', {
    summary: 'Get a new access token; the refresh token changes too',
    access: 'public',
    body: people.refreshBody,
    reply: people.sessionReply,
    ...secret,
  }),
  logOut: post('/v1/auth/logout', {
    summary: 'End the session of a refresh token',
    access: 'public',
    body: people.refreshBody,
    status: 204,
    reply: form.noReply,
    ...secret,
  }),
  me: get('/v1/me', { summary: 'Who am I?', access: 'viewer', reply: people.userReply }),
  changePassword: post('/v1/me/password', {
    summary: 'Change my password; ends every session and opens the next',
    access: 'viewer',
    body: people.passwordChange,
    reply: people.sessionReply,
    ...secret,
    ...person,
  }),
  listSessions: get('/v1/sessions', {
    summary: 'Where I am logged in',
    access: 'viewer',
    reply: form.listOf(people.sessionRow),
    ...person,
  }),
  endSession: remove('/v1/sessions/:id', {
    summary: 'End one of my sessions at once',
    access: 'viewer',
    params: people.sessionParams,
    status: 204,
    reply: form.noReply,
    ...person,
  }),
  editUser: patch('/v1/users/:id', {
    summary: 'Change the role of a user, or disable one; both count at once',
    access: 'admin',
    params: people.userParams,
    body: people.userPatch,
    reply: people.userReply,
    ...person,
  }),
  createUser: post('/v1/users', {
    summary: 'Create another user',
    access: 'admin',
    body: people.newUserBody,
    status: 201,
    reply: people.userReply,
    ...sealed,
  }),
  listUsers: get('/v1/users', {
    summary: 'Everybody who may come in, newest first',
    access: 'admin',
    ...person,
    query: people.usersQuery,
    reply: form.listOf(people.userReply),
  }),
  listApiKeys: get('/v1/api-keys', {
    summary: 'My API keys, newest first, without the keys',
    access: 'viewer',
    query: form.pageQuery,
    reply: form.listOf(platform.apiKeyRow),
    ...person,
  }),
  createApiKey: post('/v1/api-keys', {
    summary: 'Create an API key; it is shown this once',
    access: 'viewer',
    body: platform.newApiKeyBody,
    status: 201,
    reply: platform.newApiKeyReply,
    ...shownOnce,
  }),
  revokeApiKey: remove('/v1/api-keys/:id', {
    summary: 'Revoke an API key at once',
    access: 'viewer',
    params: platform.apiKeyParams,
    status: 204,
    reply: form.noReply,
    ...person,
  }),
  createStreamTicket: post('/v1/stream/tickets', {
    summary: 'A ticket that opens one stream, once, within 30 s',
    access: 'viewer',
    status: 201,
    reply: platform.streamTicketReply,
    ...secret,
  }),
} as const;
