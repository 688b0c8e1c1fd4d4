import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('../bin/scalpstorm.mjs', import.meta.url));
const started: ChildProcess[] = [];

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, SCALPSTORM_PARENT: 'stdin' },
  });
  started.push(child);
  return child;
}

async function finish(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = start(...args);
  const text = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => {
    text.out += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    text.err += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...text };
}

/** The lines of stdout as JSON, one by one. */
async function* jsonLines(child: ChildProcess): AsyncGenerator<Record<string, unknown>> {
  if (child.stdout === null) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as Record<string, unknown>;
}

/** Nobody answers there any more. */
async function untilGone(rest: string): Promise<void> {
  while (
    await fetch(`${rest}/api/v3/ping`).then(
      () => true,
      () => false,
    )
  )
    await new Promise((resolve) => setTimeout(resolve, 20));
}

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

describe('the scalpstorm command', () => {
  test('explains itself', async () => {
    expect(await finish('help')).toMatchObject({ code: 0, out: expect.stringContaining('sim-exchange') });
    expect(await finish('sim-exchange', '--help')).toMatchObject({ code: 0, out: expect.stringContaining('--seed') });
    expect(await finish()).toMatchObject({ code: 2 });
  });

  test.each([[['--version']], [['-V']], [['--no-color', '--version']]])(
    'says its version when asked %j',
    async (args) => {
      expect(await finish(...args)).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
    },
  );

  test.each([
    [['sim-exchagne'], "did you mean 'sim-exchange'?"],
    [['dance'], 'commands: login, '],
    [['sim-exchange', '--sed', '1'], 'did you mean --seed?'],
    [['sim-exchange', '--port', 'http'], 'a whole number from 0 to 65535'],
  ])('ends with 2 and a hint when asked wrongly: %j', async (args, hint) => {
    expect(await finish(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(hint) });
  });

  test('ends quietly where nobody reads to the end', async () => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const child = spawn(process.execPath, [main, 'backtest', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += String(chunk);
    });
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('says where it is on its first line, and ends on SIGTERM', async () => {
    const child = start('sim-exchange', '--port', '0', '--seed', '1', '--json', '--symbols', 'BTC-USDT');
    const { value } = await jsonLines(child).next();
    expect(Object.keys(value)).toEqual(['rest', 'spotWs', 'wsApi', 'symbols', 'account']);
    const port = new URL(String(value.rest)).port;
    expect(value).toMatchObject({
      rest: `http://127.0.0.1:${port}`,
      spotWs: `ws://127.0.0.1:${port}/stream/ws`,
      wsApi: `ws://127.0.0.1:${port}/ws-api/v3`,
      symbols: ['BTC-USDT'],
    });
    const book = (await (await fetch(`${value.rest}/api/v3/depth?symbol=BTCUSDT`)).json()) as {
      bids: unknown[];
      asks: unknown[];
    };
    expect(Math.min(book.bids.length, book.asks.length)).toBeGreaterThanOrEqual(20);
    expect(await finish('sim-exchange', '--port', port)).toMatchObject({
      code: 1,
      err: expect.stringContaining('PORT_IN_USE'),
    });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await untilGone(String(value.rest));
  });

  test.each(['is killed', 'loses its own parent'])('takes the exchange along when it %s', async (how) => {
    const child = start('sim-exchange', '--port', '0', '--symbols', 'BTC-USDT');
    const { value } = await jsonLines(child).next();
    if (how === 'is killed') child.kill('SIGKILL');
    else child.stdin?.end();
    await untilGone(String(value.rest));
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)('ends when the npx that started it gets %s', async (signal) => {
    const npx = spawn('npx', ['--no-install', 'scalpstorm', 'sim-exchange', '--port', '0', '--symbols', 'BTC-USDT'], {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    started.push(npx);
    const { value } = await jsonLines(npx).next();
    npx.kill(signal);
    await untilGone(String(value.rest));
  });

  test('replays a file, says when it has ended and keeps the last book', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'replay-'));
    const file = join(folder, 'capture.ws');
    const snapshot = { lastUpdateId: 2, bids: [['10.5', '3']], asks: [['10.6', '4']] };
    const depth = { e: 'depthUpdate', E: 1, s: 'ABCUSDT', U: 3, u: 4, b: [['10.5', '7']], a: [] };
    await writeFile(
      file,
      [
        `1700000000000000000 ${JSON.stringify(snapshot)}`,
        'garbage',
        `1700000000001000000 ${JSON.stringify({ data: depth })}`,
      ].join('\n'),
    );
    const child = start('sim-exchange', '--port', '0', '--json', '--file', file, '--speed', 'max');
    const lines = jsonLines(child);
    const { value } = await lines.next();
    expect(value.symbols).toEqual(['ABC-USDT']);
    expect((await lines.next()).value).toEqual({ event: 'end-of-file', lines: 3, skipped: 1 });
    expect(await (await fetch(`${value.rest}/api/v3/depth?symbol=ABCUSDT`)).json()).toMatchObject({
      bids: [['10.50000000', '7.00000000']],
    });
    await rm(folder, { recursive: true });
    expect(await finish('sim-exchange', '--file', file)).toMatchObject({
      code: 1,
      err: expect.stringContaining('CAPTURE_NOT_READABLE'),
    });
  });
});
