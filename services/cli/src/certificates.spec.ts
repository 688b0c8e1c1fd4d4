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

describe('scalpstorm certificates, and jobs like them', () => {
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
      const one = request.method === 'POST' ? queued : { ...queued, ...ended, final: true };
      const own = { id: 'mine', schema: { properties: {} } };
      const isList = request.url?.startsWith('/v1/strategies');
      const answer = isList ? { data: [own], hasMore: false, nextCursor: null } : one;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const request = (...args: readonly string[]) => scalpstorm('certificates', 'request', ...args);

  async function scalpstorm(...args: readonly string[]) {
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
    return { exitCode: await run([...args], terminal, env), ...texts };
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

  it('tells what it warns of, and shows one that is kept without warnings', async () => {
    const warnings = [{ code: 'SETTLES_LATE', text: 'for up to 44 bars more.', next: 'Declare 74.' }];
    ended = { state: 'done', valid: true, certificate: { ...certificateOf(true), warnings } };
    const warned = await scalpstorm('certificates', 'show', 'job_1');
    expect(warned.stdout).toMatch(/\n! SETTLES_LATE: for up to 44 bars more\.\n {2}→ Declare 74\.\n.*: certified\n$/);
    ended = { state: 'done', valid: true, certificate: certificateOf(true) };
    expect((await scalpstorm('certificates', 'show', 'job_1')).stdout).not.toContain('!');
  });

  it('cancels one', async () => {
    ended = { state: 'running', canceling: true };
    const { stdout } = await scalpstorm('certificates', 'cancel', 'job_1');
    expect(asked).toEqual([{ what: 'POST /v1/certificates/job_1/cancel', body: null }]);
    expect(stdout).toBe('job_1: queued\n');
  });

  it('queues a backtest and a search of a rule without code in the same words', async () => {
    const span = [...over, '--from', '2026-01-01T00:00:00Z', '--to', '2026-01-02T00:00:00Z'];
    expect((await scalpstorm('backtests', 'run', '--strategy', file, '--set', 'fast=5', ...span)).exitCode).toBe(0);
    const search = ['--space', 'fast=5..20:5', '--search', 'tpe', '--walk-forward', '600:200', '--folds', '4'];
    const wanted = ['--strategy', file, '--set', 'slow=40', ...search, ...span];
    expect(await scalpstorm('optimisations', 'run', ...wanted)).toMatchObject({ exitCode: 0, stderr: '' });
    const rule = JSON.parse(readFileSync(file, 'utf8'));
    const subject = { strategy: 'rule', instrument: 'sim:BTC-USDT', from: '2026-01-01T00:00:00Z', priority: 'normal' };
    expect(asked).toMatchObject([
      {
        what: 'POST /v1/backtests',
        body: { ...subject, parameters: { rule, ruleParameters: { fast: 5, slow: 30 } }, size: { kind: 'all-in' } },
      },
      {
        what: 'POST /v1/optimisations',
        body: {
          ...{ ...subject, parameters: { rule, ruleParameters: { slow: 40 } }, space: ['fast=5..20:5'] },
          search: { kind: 'tpe', tries: 200, seed: 1 },
          walkForward: { kind: 'windows', train: 600, test: 200, anchored: false },
          folds: { groups: 4, testGroups: 1, purge: null, embargo: null },
          monteCarlo: { runs: 1_000, ruinPct: 50 },
          ...{ objective: 'sharpe', withinPct: 20, cash: 10_000, feeBps: 10 },
        },
      },
    ]);
    expect(await scalpstorm('optimisations', 'run', '--strategy', file, '--space', 'fsat=1..3', ...span)).toMatchObject(
      {
        exitCode: 2,
        stderr: expect.stringContaining('UNKNOWN_PARAMETER'),
      },
    );
    expect(asked).toHaveLength(2);
    // One that the platform alone has is told as it was given.
    await scalpstorm('optimisations', 'run', '--strategy', 'mine', '--space', 'dip=1..3', ...span);
    expect(asked.at(-1)?.body).toMatchObject({ strategy: 'mine', parameters: {}, space: ['dip=1..3'] });
  });

  it.each([
    [['--strategy', 'moon'], 'UNKNOWN_STRATEGY'],
    [['--strategy', 'ema-cross', '--bars', 'many'], 'INVALID_OPTION'],
    [['--strategy', 'ema-cross', '--set', 'fast=50', '--set', 'slow=10'], 'INVALID_PARAMETERS'],
  ])('with %j sends nothing', async (args, code) => {
    const { exitCode, stderr } = await request(...args, ...over);
    expect([exitCode, asked.filter(({ what }) => what.startsWith('POST'))]).toEqual([2, []]);
    expect(stderr).toContain(code);
  });
});
