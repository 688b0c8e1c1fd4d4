import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from './program.js';

const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
afterAll(() => rmSync(folder, { recursive: true }));
const certificateOf = (valid: boolean) => ({
  ...{ strategy: 'ema-cross', version: 'ab'.repeat(32), bars: 2_000, from: 'a', to: 'b', valid },
  checks: [{ name: 'truncation', passed: valid, text: 'cut.', next: valid ? null : 'Mend it.' }],
});
const over = ['--instrument', 'sim:BTC-USDT', '--timeframe', '1m'];
const file = join(folder, 'rule.json');
writeFileSync(file, readFileSync(new URL('../../../examples/strategies/ema-cross.json', import.meta.url)));

describe('scalpstorm certificates', () => {
  let server: Server;
  let asked: { readonly what: string; readonly body: unknown }[];
  /** The job once it is over. */
  let ended: object;

  beforeEach(async () => {
    asked = [];
    ended = { state: 'done', valid: true, certificate: certificateOf(true) };
    server = createServer(async (request, response) => {
      const body = await text(request);
      asked.push({ what: `${request.method} ${request.url}`, body: body === '' ? null : JSON.parse(body) });
      const queued = { id: 'job_1', strategy: 'ema-cross', state: 'queued', final: false, progress: 0, valid: null };
      const answer = request.method === 'POST' ? queued : { ...queued, ...ended, final: true };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function request(...args: readonly string[]) {
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
    const env = { SCALPSTORM_URL: `http://127.0.0.1:${port}`, SCALPSTORM_TOKEN: 't', HOME: folder };
    return { exitCode: await run(['certificates', 'request', ...args], terminal, env), ...texts };
  }

  it('requests one in the words of a bot, with every parameter of the rule', async () => {
    const { exitCode, stdout } = await request('--strategy', 'ema-cross', '--set', 'fast=5', ...over, '--bars', '3000');
    expect([exitCode, stdout]).toEqual([0, 'job_1: queued\n']);
    expect(asked).toMatchObject([
      {
        what: 'POST /v1/certificates',
        body: {
          ...{ strategy: 'ema-cross', parameters: { fast: 5, slow: 30 } },
          ...{ instrument: 'sim:BTC-USDT', timeframe: '1m', bars: 3_000, seed: 1 },
        },
      },
    ]);
  });

  it('sends a rule without code whole', async () => {
    expect((await request('--strategy', file, '--set', 'fast=5', ...over)).exitCode).toBe(0);
    const rule = JSON.parse(readFileSync(file, 'utf8'));
    expect(asked[0]?.body).toMatchObject({
      strategy: 'rule',
      parameters: { rule, ruleParameters: { fast: 5, slow: 30 } },
    });
  });

  it('waits until it is over, and fails unless it is certified', async () => {
    const wait = ['--strategy', 'ema-cross', ...over, '--wait'];
    expect(await request(...wait)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^passed {2}truncation: cut.*\n.*: certified\n$/),
    });
    ended = { state: 'done', valid: false, certificate: certificateOf(false) };
    const refused = await request(...wait);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('CERTIFICATE_REFUSED') });
    expect(refused.stderr).toContain('scalpstorm certificates show job_1');
    expect(refused.stdout).toContain('FAILED  truncation: cut.');
    const fault = { code: 'HISTORY_TOO_SHORT', text: 'The venue has 900 bars.', next: 'Ask for a shorter timeframe.' };
    ended = { state: 'failed', fault };
    const failed = await request(...wait);
    expect(failed).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('HISTORY_TOO_SHORT: The venue has 900'),
    });
  });

  it.each([
    [['--strategy', 'moon'], 'UNKNOWN_STRATEGY'],
    [['--strategy', 'ema-cross', '--bars', 'many'], 'INVALID_OPTION'],
    [['--strategy', 'ema-cross', '--set', 'fast=50', '--set', 'slow=10'], 'INVALID_PARAMETERS'],
  ])('with %j sends nothing', async (args, code) => {
    const { exitCode, stderr } = await request(...args, ...over);
    expect([exitCode, asked]).toEqual([2, []]);
    expect(stderr).toContain(code);
  });
});
