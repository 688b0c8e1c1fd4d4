import { ApiKeyService, SessionService, UserService } from '@scalpstorm/contracts/api';
import { pageOf, whole } from '../http/paging.js';
import { routes } from '../http/routes.js';
import { as, beside, done, type GrpcMethod, on } from './grpc-method.js';

const { method: session } = SessionService;
const { method: user } = UserService;
const { method: apiKey } = ApiKeyService;

/** Who may come in: set-up, log-in, users and the keys of programs. */
export const peopleMethods: readonly GrpcMethod[] = [
  on(routes.setupState, session.getSetupState)(({ sessions }) => sessions.setupState()),
  on(routes.setUp, session.setUp)(
    ({ sessions }, { body, clientAddress }) => sessions.setUp(body, clientAddress),
    beside('session', 'user'),
  ),
  on(routes.logIn, session.logIn)(
    ({ sessions }, { body, clientAddress }) => sessions.logIn(body, clientAddress),
    as('session'),
  ),
  on(routes.refresh, session.refresh)(({ sessions }, { body }) => sessions.refresh(body.refreshToken), as('session')),
  on(routes.logOut, session.logOut)(({ sessions }, { body }) => sessions.logOut(body.refreshToken), done),
  on(routes.me, user.getMe)(({ users }, call) => users.me(call.user.userId), as('user')),
  on(routes.createUser, user.createUser)(({ users }, call) => users.create(call.user, call.body), as('user')),
  on(routes.editUser, user.editUser)(({ users }, call) => users.edit(call.user, call.params.id, call.body), as('user')),
  on(routes.listUsers, user.listUsers)(({ users }, call) => users.list(pageOf(call.query))),
  on(routes.changePassword, session.changePassword)(
    ({ sessions }, { user: by, body, clientAddress }) => sessions.changePassword(by, body, clientAddress),
    as('session'),
  ),
  on(
    routes.listSessions,
    session.listSessions,
  )(async ({ sessions }, call) => whole(await sessions.listSessions(call.user))),
  on(routes.endSession, session.endSession)(
    ({ sessions }, call) => sessions.endSession(call.user, call.params.id),
    done,
  ),
  on(routes.listApiKeys, apiKey.listApiKeys)(({ apiKeys }, call) => apiKeys.list(call.user.userId, pageOf(call.query))),
  on(routes.createApiKey, apiKey.createApiKey)(
    ({ apiKeys }, call) => apiKeys.create(call.user, call.body, call.clientAddress),
    beside('apiKey', 'key'),
  ),
  on(routes.revokeApiKey, apiKey.revokeApiKey)(
    ({ apiKeys }, call) => apiKeys.revoke(call.user.userId, call.params.id),
    done,
  ),
];
