import { Controller } from '@nestjs/common';
import { Sessions } from '../../use-cases/sessions.js';
import { StreamAdmission } from '../../use-cases/stream-admission.js';
import { Users } from '../../use-cases/users.js';
import { pageOf, whole } from './paging.js';
import type { Call, PublicCall, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class SessionsHandler {
  constructor(
    private readonly sessions: Sessions,
    private readonly users: Users,
    private readonly streams: StreamAdmission,
  ) {}

  @Serves(routes.setupState)
  setupState(): Promise<ReplyOf<typeof routes.setupState>> {
    return this.sessions.setupState();
  }

  @Serves(routes.setUp)
  setUp(@Asked() call: PublicCall<typeof routes.setUp>): Promise<ReplyOf<typeof routes.setUp>> {
    return this.sessions.setUp(call.body, call.clientAddress);
  }

  @Serves(routes.logIn)
  logIn(@Asked() call: PublicCall<typeof routes.logIn>): Promise<ReplyOf<typeof routes.logIn>> {
    return this.sessions.logIn(call.body, call.clientAddress);
  }

  @Serves(routes.refresh)
  refresh(@Asked() call: PublicCall<typeof routes.refresh>): Promise<ReplyOf<typeof routes.refresh>> {
    return this.sessions.refresh(call.body.refreshToken);
  }

  @Serves(routes.logOut)
  async logOut(@Asked() call: PublicCall<typeof routes.logOut>): Promise<null> {
    await this.sessions.logOut(call.body.refreshToken);
    return null;
  }

  @Serves(routes.me)
  me(@Asked() call: Call<typeof routes.me>): Promise<ReplyOf<typeof routes.me>> {
    return this.users.me(call.user.userId);
  }

  @Serves(routes.listUsers)
  listUsers(@Asked() call: Call<typeof routes.listUsers>): Promise<ReplyOf<typeof routes.listUsers>> {
    return this.users.list(pageOf(call.query));
  }

  @Serves(routes.changePassword)
  changePassword(@Asked() call: Call<typeof routes.changePassword>): Promise<ReplyOf<typeof routes.changePassword>> {
    return this.sessions.changePassword(call.user, call.body, call.clientAddress);
  }

  @Serves(routes.listSessions)
  async listSessions(@Asked() call: Call<typeof routes.listSessions>): Promise<ReplyOf<typeof routes.listSessions>> {
    return whole(await this.sessions.listSessions(call.user));
  }

  @Serves(routes.endSession)
  async endSession(@Asked() call: Call<typeof routes.endSession>): Promise<null> {
    await this.sessions.endSession(call.user, call.params.id);
    return null;
  }

  @Serves(routes.editUser)
  editUser(@Asked() call: Call<typeof routes.editUser>): Promise<ReplyOf<typeof routes.editUser>> {
    return this.users.edit(call.user, call.params.id, call.body);
  }

  @Serves(routes.createUser)
  createUser(@Asked() call: Call<typeof routes.createUser>): Promise<ReplyOf<typeof routes.createUser>> {
    return this.users.create(call.user, call.body);
  }

  @Serves(routes.createStreamTicket)
  streamTicket(
    @Asked() call: Call<typeof routes.createStreamTicket>,
  ): Promise<ReplyOf<typeof routes.createStreamTicket>> {
    return this.streams.issueTicket(call.user, call.origin);
  }
}
