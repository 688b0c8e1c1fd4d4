import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { BotId } from '@scalpstorm/model';
import { aBot, describeWithServers, eventually } from '@scalpstorm/testkit';
import type { RunningGateway } from '../src/start.js';
import { GatewayRig, type Member } from './gateway-rig.js';
import { StreamClients } from './stream-client.js';

const patience = { timeoutMs: 40_000 };

/** The line between one gateway and NATS. */
class Line {
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(
    readonly server: Server,
    readonly url: string,
  ) {}

  static async to(target: string): Promise<Line> {
    const { hostname, port } = new URL(target);
    const server = createServer((from) => {
      const on = connect(Number(port), hostname);
      for (const socket of [from, on]) line.#keep(socket);
      from.pipe(on).pipe(from);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const line = new Line(server, `nats://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return line;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    if (this.#isCut) socket.destroy();
  }
}

describeWithServers('a gateway whose line to NATS was cut, on real servers', (servers) => {
  let rig: GatewayRig;
  let line: Line;
  let replica: RunningGateway;
  let clients: StreamClients;
  let owner: Member;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    line = await Line.to(rig.world.place.address('gateway').url);
    replica = await rig.replica({ NATS_URL: line.url });
    clients = new StreamClients({ gateway: replica });
    owner = await rig.setUp();
  });
  afterEach(() => clients.close());
  afterAll(async () => {
    line.mend();
    await replica.close();
    line.close();
    await rig.close();
  });

  it('gives its streams new snapshots when it is back, with what it did not hear of', async () => {
    const ready = () => fetch(`${replica.operationsUrl}/health/ready`).then(({ status }) => status);
    const client = await clients.open();
    client.say({ op: 'auth', token: owner.token });
    client.say({ op: 'subscribe', channels: ['bots'] });
    await eventually(() => expect(client.on('bots').at(-1)).toMatchObject({ type: 'snapshot' }), patience);
    await rig.announce(aBot({ id: BotId.of('bot_cut00000'), userId: owner.userId, version: 1 }));
    await eventually(() => expect(client.on('bots').at(-1)).toMatchObject({ type: 'delta' }), patience);
    const epoch = client.on('bots').find(({ type }) => type === 'snapshot')?.['epoch'];
    line.cut();
    await eventually(async () => expect(await ready()).toBe(503), patience);
    const missed = aBot({ id: BotId.of('bot_cut00001'), userId: owner.userId, version: 1 });
    await rig.announce(missed);
    await eventually(async () => {
      expect((await rig.ask('GET', `/v1/bots/${missed.id}`, { token: owner.token })).status).toBe(200);
    }, patience);
    expect(client.on('bots').at(-1)).toMatchObject({ type: 'delta' });
    line.mend();
    await eventually(() => {
      expect(client.frames).toContainEqual(expect.objectContaining({ op: 'gap', ch: 'bots', reason: 'changes_lost' }));
      const snapshot = client.on('bots').findLast(({ type, epoch: of }) => type === 'snapshot' && of !== epoch);
      expect(snapshot?.data?.map(({ id }) => id)).toContain(missed.id);
    }, patience);
  });
});
