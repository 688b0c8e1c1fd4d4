import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StreamService, UserService } from '@scalpstorm/contracts/api';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { WebSocket } from 'ws';
import { watchersPerUserMax } from '../src/handlers/grpc/grpc-watch.js';
import { GatewayRig } from './gateway-rig.js';
import { GrpcClient } from './grpc-client.js';

const office = '203.0.113.7';
const roomy = { REQUESTS_PER_SECOND_PER_USER: '10000' };

/** What a request for that target is answered with, to the letter: no client spells it otherwise on its way. */
function answerTo(url: string, target: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
    );
    let answer = '';
    socket.on('data', (data) => {
      answer += String(data);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

describeWithServers('the address of a client at every door', (servers) => {
  let rig: GatewayRig;
  let client: GrpcClient;
  let token: string;
  let key: string;

  const begin = async (changes: Readonly<Record<string, string>>) => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0', ...roomy, ...changes });
    client = new GrpcClient(rig.gateway.grpcAddress ?? '');
    token = (await rig.setUp()).token;
    const body = { label: 'office', scopes: ['read'], allowedAddresses: [office] };
    key = (await rig.ask('POST', '/v1/api-keys', { token, body })).body.key;
  };
  const end = async () => {
    client.close();
    await rig.close();
  };
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const overHttp = async (address: string) =>
    (await rig.ask('GET', '/v1/me', { token: key, headers: from(address) })).body.code ?? 'in';
  const overGrpc = async (address: string) =>
    (await client.call(UserService.method.getMe, {}, { token: key, metadata: from(address) })).problem?.code ?? 'in';
  const overStream = async (address: string) => {
    const socket = new WebSocket(`${rig.gateway.url.replace('http', 'ws')}/v1/stream`, { headers: from(address) });
    return new Promise<string>((resolve) => {
      socket.on('open', () => socket.send(JSON.stringify({ op: 'auth', token: key })));
      socket.on('message', () => {
        socket.terminate();
        resolve('in');
      });
      socket.on('close', (_, reason) => resolve(String(reason).split(':')[0] ?? ''));
      socket.on('error', () => undefined);
    });
  };
  const atEveryDoor = async (address: string) => [
    await overHttp(address),
    await overGrpc(address),
    await overStream(address),
  ];

  describe('behind a proxy that is trusted', () => {
    beforeAll(() => begin({ TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.0/8,::1' }));
    afterAll(() => end());

    it('is what the proxy says', async () => {
      expect(await atEveryDoor(office)).toEqual(['in', 'in', 'in']);
      expect(await atEveryDoor(`${office}, 10.1.1.1`)).toEqual(['in', 'in', 'in']);
      const elsewhere = Array.from({ length: 3 }, () => 'ADDRESS_NOT_ALLOWED');
      expect(await atEveryDoor('198.51.100.1')).toEqual(elsewhere);
      // Whoever comes through the proxy can put anything in front of what the proxy writes.
      expect(await atEveryDoor(`${office}, 198.51.100.1`)).toEqual(elsewhere);
    });

    it('one user has a number of gRPC streams, and a closed one makes room', async () => {
      const watch = () => client.watch(StreamService.method.watch, { channels: ['state'] }, { token });
      const open = Array.from({ length: watchersPerUserMax }, watch);
      await eventually(() => expect(open.every(({ frames }) => frames.length > 0)).toBe(true));
      const refused = await watch().ended;
      expect(refused?.metadata.get('scalpstorm-code')).toEqual(['TOO_MANY_STREAMS']);
      open[0]?.cancel();
      await eventually(async () => {
        const next = watch();
        const first = await Promise.race([
          next.ended,
          eventually(() => expect(next.frames).not.toHaveLength(0)).then(() => 'frames'),
        ]);
        next.cancel();
        expect(first).toBe('frames');
      });
      for (const { cancel } of open) cancel();
    });

    it('the scheme of a token may be written in small letters', async () => {
      const stream = client.watch(
        StreamService.method.watch,
        { channels: ['state'] },
        { metadata: { authorization: `bearer ${token}` } },
      );
      await eventually(() => expect(stream.frames).not.toHaveLength(0));
      stream.cancel();
    });
  });

  describe('without one', () => {
    beforeAll(() => begin({ REQUESTS_PER_SECOND_PER_ADDRESS: '5' }));
    afterAll(() => end());

    it('is the other end of the connection, whatever a client says', async () => {
      expect(await atEveryDoor(office)).toEqual(Array.from({ length: 3 }, () => 'ADDRESS_NOT_ALLOWED'));
    });

    it.each([
      ['escapes', '/%761/version'],
      ['an absolute form', 'http://gateway.example/v1/version'],
      ['two slashes', '//v1/version'],
      ['capitals', '/V1/version'],
      ['the page', '/'],
    ])('limits a path in %s like any other, and nobody keeps an answer', async (_, target) => {
      const answers: string[] = [];
      // More than one window has, and a window may end in between.
      while (answers.length < 200 && !(answers.at(-1) ?? '').startsWith('HTTP/1.1 429'))
        answers.push(await answerTo(rig.gateway.url, target));
      expect(answers.at(-1)).toMatch(/^HTTP\/1.1 429/);
      expect(answers.at(-1)).toMatch(/cache-control: no-store/i);
      if (target.includes('version')) {
        const found = answers.filter((answer) => answer.startsWith('HTTP/1.1 200'));
        for (const answer of found) expect(answer).toMatch(/cache-control: no-store/i);
      }
      expect(await answerTo(rig.gateway.url, '/health/live')).toMatch(/^HTTP\/1.1 200/);
    });
  });
});
