import type { ServiceError } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { StreamService } from '@scalpstorm/contracts/api';
import { BotId } from '@scalpstorm/model';
import { aBot, describeWithServers, eventually } from '@scalpstorm/testkit';
import { ownChannels } from '../src/domain/channel.js';
import { grpcStatusOf } from '../src/handlers/grpc/grpc-problems.js';
import { type Actor, type Cast, castOf } from './actors.js';
import { textOf } from './both-doors.js';
import { GrpcClient } from './grpc-client.js';
import { StreamClients } from './stream-client.js';

/** To listen is to read: 401 for nobody, 403 for a key without that scope, else a stream of one’s own. */
const expected = ({ role, scopes }: Actor): 401 | 403 | 'pass' =>
  role === null ? 401 : scopes === null || scopes.includes('read') ? 'pass' : 403;
const closings: Readonly<Record<number, 401 | 403>> = { 4401: 401, 4403: 403 };
const outcomeOf = (error: ServiceError | null) =>
  error === null ? 'pass' : ([401, 403] as const).find((status) => (grpcStatusOf(status) as number) === error.code);

describeWithServers('who may listen, on real servers', (servers) => {
  let cast: Cast;
  let clients: StreamClients;
  let grpc: GrpcClient;
  let happened = 0;

  beforeAll(async () => {
    cast = await castOf(servers, { GRPC_PORT: '0' });
    clients = new StreamClients(cast.rig);
    grpc = new GrpcClient(cast.rig.gateway.grpcAddress ?? '');
  });
  afterEach(() => clients.close());
  afterAll(async () => {
    grpc.close();
    await cast.rig.close();
  });

  /** Something of the owner’s, which nobody else may hear of, and the end of it. */
  async function happen(): Promise<string> {
    happened += 1;
    const id = BotId.of(`bot_hear${String(happened).padStart(4, '0')}`);
    await cast.rig.announce(aBot({ id, userId: cast.owner.userId, version: 1 }));
    await eventually(async () =>
      expect((await cast.rig.ask('GET', `/v1/bots/${id}`, { token: cast.owner.token })).status).toBe(200),
    );
    return id;
  }

  async function bySocket({ token = '' }: Actor) {
    const client = await clients.open();
    client.say({ op: 'auth', token });
    client.say({ op: 'subscribe', channels: ownChannels });
    let ended: number | null = null;
    void client.closed.then((code) => {
      ended = code;
    });
    await eventually(() => {
      if (ended === null) for (const channel of ownChannels) expect(client.on(channel)).toHaveLength(1);
    });
    return { outcome: ended === null ? ('pass' as const) : closings[ended], frames: client.frames };
  }

  async function byTicket({ token }: Actor) {
    const asked = await cast.rig.ask('POST', '/v1/stream/tickets', { token });
    if (asked.status !== 201) return { outcome: asked.status, frames: [] };
    const client = await clients.open({ ticket: asked.body.ticket });
    client.say({ op: 'subscribe', channels: ownChannels });
    await eventually(() => {
      for (const channel of ownChannels) expect(client.on(channel)).toHaveLength(1);
    });
    return { outcome: 'pass' as const, frames: client.frames };
  }

  async function byGrpc({ token }: Actor) {
    const watching = grpc.watch(StreamService.method.watch, { channels: [...ownChannels] }, token ? { token } : {});
    let error: ServiceError | null = null;
    void watching.ended.then((failure) => {
      error = failure;
    });
    await eventually(() => {
      if (error === null) expect(watching.frames).toHaveLength(ownChannels.length);
    });
    return { outcome: outcomeOf(error), frames: watching.frames };
  }

  it.each([
    ['the websocket', bySocket],
    ['a ticket', byTicket],
    ['gRPC', byGrpc],
  ] as const)('by %s', async (_, listen) => {
    const { actors, marks } = cast;
    const heard: { actor: Actor; outcome: unknown; frames: readonly unknown[] }[] = [];
    for (const actor of actors) heard.push({ actor, ...(await listen(actor)) });
    expect(heard.map(({ actor, outcome }) => [actor.name, outcome])).toEqual(
      actors.map((actor) => [actor.name, expected(actor)]),
    );
    const id = await happen();
    await eventually(() => {
      for (const { actor, outcome, frames } of heard)
        if (actor.owns && outcome === 'pass') expect(textOf(frames)).toContain(id);
    });
    for (const { actor, frames } of heard)
      if (!actor.owns) for (const mark of [...marks, id]) expect([actor.name, textOf(frames)]).not.toContain(mark);
  });
});
