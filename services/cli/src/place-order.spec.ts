import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from './program.js';

const account = (mode: string) => ({ data: [{ id: 'a1', label: 'Mine', mode }], hasMore: false, nextCursor: null });
const order = (status: string, more: object = {}) => ({
  clientOrderId: 'm1',
  status,
  reason: null,
  denial: null,
  ...more,
});

describe('scalpstorm orders place', () => {
  let server: Server;
  let asked: { readonly what: string; readonly body: string }[];
  let mode: string;
  /** What the order is, one look after the other; the last one stays. */
  let looks: object[];
  /** Of the look at the order. */
  let lookStatus: number;

  beforeEach(async () => {
    asked = [];
    mode = 'demo';
    looks = [order('accepted')];
    lookStatus = 200;
    server = createServer(async (request, response) => {
      const what = `${request.method} ${request.url}`;
      asked.push({ what, body: await text(request) });
      const answers: Readonly<Record<string, () => object | undefined>> = {
        'GET /v1/accounts': () => account(mode),
        'POST /v1/orders': () => order('initialized'),
        'GET /v1/orders/m1': () => (looks.length > 1 ? looks.shift() : looks[0]),
      };
      const status = what === 'GET /v1/orders/m1' ? lookStatus : 200;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answers[what]?.() ?? {}));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function place(...args: readonly string[]) {
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
    const usual = ['--account', 'a1', '--symbol', 'BTC-USDT', '--side', 'sell', '--quantity', '0.1'];
    const code = await run(['orders', 'place', ...usual, ...args, '--json'], terminal, env);
    const posted = asked.find(({ what }) => what === 'POST /v1/orders')?.body;
    return { code, ...texts, posted: posted === undefined ? null : (JSON.parse(posted) as object) };
  }

  const usual = { account: 'a1', symbol: 'BTC-USDT', side: 'sell', quantity: '0.1', purpose: 'open' };

  it.each<[string, readonly string[], object]>([
    ['a limit', ['--price', '100'], { type: 'limit', price: '100' }],
    [
      'a stop that closes',
      ['--market', '--close', '--stop', '90', '--source', 'mid'],
      { type: 'market', purpose: 'close', trigger: { kind: 'stop', price: '90', source: 'mid' } },
    ],
    [
      'a take-profit',
      ['--market', '--take-profit', '110'],
      { type: 'market', trigger: { kind: 'take-profit', price: '110' } },
    ],
    [
      'one that trails',
      ['--market', '--trail', '150', '--activation', '120'],
      { type: 'market', trigger: { kind: 'trailing', distanceBps: 150, activationPrice: '120' } },
    ],
    [
      'a part until a time',
      ['--price', '100', '--display', '0.01', '--time-in-force', 'GTD', '--expires-at', '2026-12-01T00:00:00Z'],
      { type: 'limit', price: '100', displayQuantity: '0.01', timeInForce: 'GTD', expiresAt: '2026-12-01T00:00:00Z' },
    ],
  ])('asks for %s', async (_, options, expected) => {
    const { code, posted } = await place(...options);
    expect([code, posted]).toEqual([0, { ...usual, ...expected }]);
  });

  it('waits for the verdict, and says why when it is no', async () => {
    const reason = { code: 'WOULD_TRIGGER', text: 'at once' };
    looks = [order('initialized'), order('denied', { reason, denial: { next: 'another' } })];
    const { code, stdout, stderr } = await place('--market', '--stop', '90');
    expect(code).toBe(3);
    expect(`${stdout}${stderr}`).toContain('WOULD_TRIGGER');
    expect(asked.map(({ what }) => what)).toEqual([
      'GET /v1/accounts',
      'POST /v1/orders',
      'GET /v1/orders/m1',
      'GET /v1/orders/m1',
    ]);
  });

  it('tells the id of what it has placed, also when that can not be looked at afterwards', async () => {
    lookStatus = 500;
    const { code, stdout, stderr } = await place('--market');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ clientOrderId: 'm1', status: 'initialized' });
    expect(stderr).toContain('asked for all the same');
  });

  it.each([
    [[]],
    [['--price', '1', '--market']],
    [['--market', '--stop', '1', '--trail', '5']],
    [['--market', '--activation', '5']],
    [['--market', '--trail', 'far']],
  ])('asks nobody when it is asked wrongly (%#)', async (options) => {
    expect(await place(...options)).toMatchObject({ code: 2, posted: null });
  });

  it('trades real money only when somebody says so', async () => {
    mode = 'live';
    expect((await place('--market')).posted).toBeNull();
    expect((await place('--market', '--yes')).posted).not.toBeNull();
  });
});
