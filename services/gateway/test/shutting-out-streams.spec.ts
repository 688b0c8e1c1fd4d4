import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { StreamService } from '@scalpstorm/contracts/api';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import type { RunningGateway } from '../src/start.js';
import { GatewayRig, type Member, password } from './gateway-rig.js';
import { GrpcClient } from './grpc-client.js';
import { StreamClients } from './stream-client.js';

const grpcUnauthenticated = 16;
const patience = { timeoutMs: 20_000 };

describeWithServers('open streams of those who are shut out, on real servers', (servers) => {
  let rig: GatewayRig;
  let replica: RunningGateway;
  let admin: Member;
  let users = 0;
  let doors: readonly { readonly streams: StreamClients; readonly client: GrpcClient }[];

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    replica = await rig.replica({ GRPC_PORT: '0' });
    admin = await rig.setUp();
    doors = [rig.gateway, replica].map((gateway) => ({
      streams: new StreamClients({ gateway }),
      client: new GrpcClient(gateway.grpcAddress ?? ''),
    }));
  });
  afterAll(async () => {
    for (const { streams, client } of doors) {
      streams.close();
      client.close();
    }
    await replica.close();
    await rig.close();
  });

  const newUser = async () => {
    users += 1;
    const email = `listener${users}@example.com`;
    return { ...(await rig.addUser(admin.token, email)), email };
  };
  const logIn = async (email: string) =>
    (await rig.ask('POST', '/v1/auth/login', { body: { email, password } })).body as {
      accessToken: string;
      refreshToken: string;
    };

  /** Listens by websocket and by gRPC at both gateways; resolves when all four have heard something. */
  async function listen(token: string) {
    const heard = await Promise.all(
      doors.map(async ({ streams, client }) => {
        const socket = await streams.open();
        socket.say({ op: 'auth', token });
        socket.say({ op: 'subscribe', channels: ['bots'] });
        const watch = client.watch(StreamService.method.watch, { channels: ['bots'] }, { token });
        await eventually(() => expect([socket.on('bots').length, watch.frames.length]).toEqual([1, 1]), patience);
        return { socket, watch };
      }),
    );
    const ends = async () => {
      const closed = await Promise.all(heard.map(({ socket }) => socket.closed));
      const ended = await Promise.all(heard.map(async ({ watch }) => (await watch.ended)?.code));
      return [...closed, ...ended];
    };
    const isOpen = () => heard.every(({ socket }) => socket.socket.readyState === socket.socket.OPEN);
    return { ends, isOpen };
  }
  const allShut = [4401, 4401, grpcUnauthenticated, grpcUnauthenticated];

  it('end with the log-out, at every gateway, and those of another session go on', async () => {
    const { email } = await newUser();
    const [leaving, staying] = [await logIn(email), await logIn(email)];
    const [gone, there] = [await listen(leaving.accessToken), await listen(staying.accessToken)];
    await rig.ask('POST', '/v1/auth/logout', { body: { refreshToken: leaving.refreshToken } });
    expect(await gone.ends()).toEqual(allShut);
    expect(there.isOpen()).toBe(true);
  });

  it('end when the session is ended from the list', async () => {
    const { token, email } = await newUser();
    const lost = await listen((await logIn(email)).accessToken);
    const own = await listen(token);
    const { body } = await rig.ask('GET', '/v1/sessions', { token });
    const { id } = body.data.find(({ current }: { current: boolean }) => !current);
    await rig.ask('DELETE', `/v1/sessions/${id}`, { token });
    expect(await lost.ends()).toEqual(allShut);
    expect(own.isOpen()).toBe(true);
  });

  it('end with a new password', async () => {
    const { token } = await newUser();
    const listening = await listen(token);
    const body = { currentPassword: password, newPassword: 'a calm sea makes no sailor' };
    expect((await rig.ask('POST', '/v1/me/password', { token, body })).status).toBe(200);
    expect(await listening.ends()).toEqual(allShut);
  });

  it('end when the user is disabled, those of keys too', async () => {
    const { userId, token } = await newUser();
    const wanted = { label: 'ear', scopes: ['read'] };
    const { key } = (await rig.ask('POST', '/v1/api-keys', { token, body: wanted })).body;
    const [person, program] = [await listen(token), await listen(key)];
    await rig.ask('PATCH', `/v1/users/${userId}`, { token: admin.token, body: { disabled: true } });
    expect([await person.ends(), await program.ends()]).toEqual([allShut, allShut]);
  });

  it('end when the key is revoked', async () => {
    const { token } = await newUser();
    const wanted = { label: 'ear', scopes: ['read'] };
    const { key, id } = (await rig.ask('POST', '/v1/api-keys', { token, body: wanted })).body;
    const listening = await listen(key);
    await rig.ask('DELETE', `/v1/api-keys/${id}`, { token });
    expect(await listening.ends()).toEqual(allShut);
  });
});
