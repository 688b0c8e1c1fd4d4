import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from './program.js';

const sized = ['--account', 'a1', '--symbol', 'BTC-USDT', '--side', 'buy', '--quantity', '1'];
const size = { account: 'a1', symbol: 'BTC-USDT', side: 'buy', quantity: '1' };

describe('scalpstorm orders plan', () => {
  let server: Server;
  let asked: { readonly what: string; readonly body: unknown }[];

  beforeEach(async () => {
    asked = [];
    server = createServer(async (request, response) => {
      const what = `${request.method} ${request.url}`;
      const body = await text(request);
      asked.push({ what, body: body === '' ? null : JSON.parse(body) });
      const accounts = { data: [{ id: 'a1', label: 'Mine', mode: 'demo' }], hasMore: false, nextCursor: null };
      const answer = what === 'GET /v1/accounts' ? accounts : { id: 'plan_000000000001', status: 'planned' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function plan(...args: readonly string[]) {
    const texts = { stdout: '', stderr: '' };
    const into = (name: keyof typeof texts) =>
      new Writable({
        write(chunk, _encoding, done) {
          texts[name] += String(chunk);
          done();
        },
      }) as NodeJS.WriteStream;
    const terminal = { stdin: Readable.from([]) as NodeJS.ReadStream, stdout: into('stdout'), stderr: into('stderr') };
    const { port } = server.address() as AddressInfo;
    const env = { SCALPSTORM_URL: `http://127.0.0.1:${port}`, SCALPSTORM_TOKEN: 't' };
    const exitCode = await run(['orders', 'plan', ...args], terminal, env);
    return { exitCode, ...texts };
  }
  const posted = () => asked.find(({ what }) => what === 'POST /v1/order-plans')?.body;

  it.each([
    [
      ['bracket', ...sized, '--price', '100', '--trail', '150', '--target', '120'],
      {
        ...size,
        kind: 'bracket',
        entry: { type: 'limit', price: '100' },
        stop: { trigger: { kind: 'trailing', distanceBps: 150 } },
        target: { price: '120' },
      },
    ],
    [
      ['oco', ...sized, '--stop', '90', '--stop-limit', '89', '--target', '120', '--target-market', '--source', 'mid'],
      {
        ...size,
        kind: 'oco',
        stop: { trigger: { kind: 'stop', price: '90', source: 'mid' }, price: '89' },
        target: { price: '120', source: 'mid', type: 'market' },
      },
    ],
    [
      ['twap', ...sized, '--slices', '4', '--every', '60', '--close'],
      { ...size, kind: 'twap', slices: 4, intervalSeconds: 60, purpose: 'close' },
    ],
    [['iceberg', ...sized, '--price', '100', '--show', '0.1'], { ...size, kind: 'iceberg', price: '100', show: '0.1' }],
  ])('plans what is asked for, and nothing that is not (%#)', async (args, body) => {
    const { exitCode, stdout } = await plan(...args);
    expect(exitCode).toBe(0);
    expect(posted()).toEqual(body);
    expect(stdout).toMatch(/plan_000000000001/);
  });

  it('wants exactly one stop', async () => {
    expect(await plan('oco', ...sized, '--target', '120')).toMatchObject({ exitCode: 2 });
    expect(await plan('oco', ...sized, '--stop', '1', '--trail', '5')).toMatchObject({ exitCode: 2 });
    expect(posted()).toBeUndefined();
  });

  it('is canceled by its id', async () => {
    const { exitCode } = await plan('cancel', 'plan_000000000001', '--yes');
    expect([exitCode, asked.at(-1)?.what]).toEqual([0, 'DELETE /v1/order-plans/plan_000000000001']);
  });
});
