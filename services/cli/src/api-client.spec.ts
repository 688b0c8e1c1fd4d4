import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from './program.js';

interface Asked {
  readonly what: string;
  readonly key: string | undefined;
}
type Answer = readonly [status: number, body: object];

const unanswered = (members: object = {}): Answer => [
  503,
  {
    ...{ type: '/problems/x', title: 't', status: 503, code: 'SERVICE_UNAVAILABLE', instance: '/v1/halt' },
    ...{ detail: 'The risk gate did not answer in time.', request_id: 'req-1' },
    errors: [{ pointer: '', code: 'x', detail: 'd', allowed: '', next: 'Repeat it with the same Idempotency-Key.' }],
    ...members,
  },
];
const halted: Answer = [200, { state: 'halted', text: '', since: null, bots: [], ordersCanceled: 0 }];

describe('a command that a part of the platform does not answer', () => {
  let server: Server;
  let asked: Asked[];
  let answers: Answer[];

  beforeEach(async () => {
    asked = [];
    server = createServer(({ method, url, headers }, response) => {
      const key = headers['idempotency-key'];
      asked.push({ what: `${method} ${url}`, key: typeof key === 'string' ? key : undefined });
      const [status, body] = answers.shift() ?? [500, {}];
      const type = status < 400 ? 'application/json' : 'application/problem+json';
      response.writeHead(status, { 'content-type': type, 'retry-after': '0' }).end(JSON.stringify(body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function said(...args: readonly string[]) {
    const texts = { stdout: '', stderr: '' };
    const into = (name: keyof typeof texts) =>
      new Writable({
        write(chunk, _encoding, done) {
          texts[name] += String(chunk);
          done();
        },
      }) as NodeJS.WriteStream;
    const stdin = Readable.from([]) as NodeJS.ReadStream;
    const terminal = { stdin, stdout: into('stdout'), stderr: into('stderr') };
    const { port } = server.address() as AddressInfo;
    const code = await run(args, terminal, { SCALPSTORM_URL: `http://127.0.0.1:${port}`, SCALPSTORM_TOKEN: 't' });
    return { code, ...texts };
  }

  it('is asked once more, under the same key, and the answer to that counts', async () => {
    answers = [unanswered(), halted];
    const { code, stdout, stderr } = await said('halt', '--yes');
    expect([code, stdout]).toEqual([0, 'trading is halted\n']);
    expect(stderr).toContain('The risk gate did not answer in time.');
    expect(asked.map(({ what }) => what)).toEqual(['POST /v1/halt', 'POST /v1/halt']);
    expect(asked[0]?.key).toBeDefined();
    expect(asked[1]?.key).toBe(asked[0]?.key);
  });

  it('ends after that, with what was done and with a step that can be taken', async () => {
    const members = {
      bots: [{ bot: 'bot_storm001', verb: 'stop', code: null, text: '' }],
      ordersCanceled: 3,
      remaining: {
        ...{ bots: 0, orders: 1, positions: 0, complete: false },
        items: [{ kind: 'order', id: 'o1', bot: null, code: 'CANCEL_NOT_SENT', text: 'It is late.', next: 'Repeat.' }],
      },
    };
    answers = [unanswered(members), unanswered(members)];
    const { code, stderr } = await said('halt', '--level', 'cancel', '--yes');
    expect([code, asked.length]).toEqual([4, 2]);
    for (const line of ['bot_storm001 stop: done', '3 orders: cancel asked', 'left: order o1: It is late. Repeat.'])
      expect(stderr).toContain(line);
    expect(stderr).toContain('scalpstorm doctor');
    expect(stderr).not.toContain('Idempotency-Key');
    answers = [unanswered(members), unanswered(members)];
    const { error } = JSON.parse((await said('halt', '--yes', '--json')).stdout) as { error: object };
    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', ...members });
  });

  it('is not asked again when it was refused, and a question is asked once', async () => {
    answers = [[409, { ...unanswered()[1], status: 409, code: 'ORDER_FINAL' }]];
    expect((await said('orders', 'cancel', 'o1')).code).toBe(3);
    answers = [unanswered()];
    expect((await said('fills')).code).toBe(4);
    expect(asked.map(({ what }) => what)).toEqual(['DELETE /v1/orders/o1', expect.stringMatching(/^GET \/v1\/fills/)]);
  });
});
