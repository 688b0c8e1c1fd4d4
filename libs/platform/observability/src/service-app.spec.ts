import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { eventually } from '@scalpstorm/testkit';
import { HealthRegistry } from './health.js';
import { createServiceApp, type PublicDoor } from './service-app.js';
import { RecordingLog } from './testing.js';

@Module({})
class EmptyModule {}

describe('createServiceApp', () => {
  const open = async (env: Record<string, string> = {}, door?: PublicDoor) => {
    const log = new RecordingLog();
    const service = await createServiceApp(EmptyModule, { service: 'empty', env, door, ownsProcess: false, log });
    return { ...service, log, url: await service.listen() };
  };

  it('serves health and metrics on the operations port, and opens no other', async () => {
    const { app, url, close, log } = await open();
    const live = await fetch(`${url}/health/live`);
    expect([live.status, await live.json()]).toEqual([200, { status: 'live' }]);
    const ready = await fetch(`${url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, phase: 'serving', checks: {} }]);
    app.get(HealthRegistry).register('venue', () => Promise.reject(new Error('closed')));
    const unready = await fetch(`${url}/health/ready`);
    expect(unready.status).toBe(503);
    expect(await unready.json()).toMatchObject({
      ready: false,
      checks: { venue: { status: 'down', error: 'closed' } },
    });
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(await metrics.text()).toContain('nodejs_eventloop_lag_p99_seconds{service="empty"}');
    expect(log.lines.map((line) => line.text)).toEqual(expect.arrayContaining(['starting', 'serving']));
    expect(log.lines.find(({ text }) => text === 'serving')?.fields).toEqual({ operationsUrl: url });
    expect(app.getHttpServer().listening).toBe(false);
    await close();
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  });

  it('answers nothing else there, and no request that would change something', async () => {
    const { url, close } = await open();
    const unknown = await fetch(`${url}/constructor`);
    expect([unknown.status, await unknown.json()]).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND' })]);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/health/ready?verbose`, { method: 'HEAD' })).status).toBe(200);
    await close();
  });

  it('tells nothing but a constant at the public port', async () => {
    const { app, close, url: operationsUrl } = await open({ PORT: '0' }, {});
    app.get(HealthRegistry).register('venue', () => Promise.reject(new Error('closed')));
    const url = await app.getUrl();
    const live = await fetch(`${url}/health/live`);
    expect([live.status, await live.json()]).toEqual([200, { status: 'live' }]);
    expect(live.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const paths = ['/health', '/health/ready', '/HEALTH/ready', '/health/%72eady', '/metrics', '/metrics/'];
    const answers = await Promise.all(paths.map((path) => fetch(url + path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
    expect((await fetch(`${operationsUrl}/health/ready`)).status).toBe(503);
    await close();
  });

  it('names a port that is taken', async () => {
    const first = await open();
    const taken = open({ OPERATIONS_PORT: new URL(first.url).port });
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
  });

  it('does not start with a route that trusts in a schema of Fastify, for which nothing is loaded', async () => {
    const { app, listen, close } = await createServiceApp(EmptyModule, {
      service: 'empty',
      env: { PORT: '0' },
      door: {},
      ownsProcess: false,
      log: new RecordingLog(),
    });
    const schema = { querystring: { type: 'object' } };
    app
      .getHttpAdapter()
      .getInstance()
      .get('/trusting', { schema }, async () => 'never');
    await expect(listen()).rejects.toThrow('zod');
    await close();
  });

  it('throws what is wrong with the configuration when it does not own the process', async () => {
    await expect(open({ OPERATIONS_PORT: 'x' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(open({ PORT: 'x' }, {})).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('a service process', () => {
  const children: ChildProcess[] = [];

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function start(env: Record<string, string>) {
    const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
    const hooks = new URL('../test/typescript-hooks.mjs', import.meta.url).href;
    const args = ['--conditions=source', '--import', hooks, file('../test/child-service.ts')];
    const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], CHILD_NAME: 'x', ...env } });
    children.push(child);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const lines = () => {
      const texts = output.split('\n').filter((text) => text.startsWith('{'));
      return texts.map(
        (text) => JSON.parse(text) as { msg: string; level: string; url?: string; error?: { message: string } },
      );
    };
    // All that it has said is read by then.
    const exited = once(child, 'close').then(([code]) => code as number | null);
    const url = () =>
      eventually(
        () => {
          const found = lines().find((line) => line.msg === 'serving')?.url;
          if (found === undefined) throw new Error(`not serving yet: ${output}`);
          return found;
        },
        { timeoutMs: 60_000 },
      );
    return { child, url, lines, exited, output: () => output };
  }

  it('stops gracefully on SIGTERM and exits with 0', async () => {
    const { child, url, exited, lines } = start({});
    await url();
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(lines().map((line) => line.msg)).toEqual(['starting', 'serving', 'stopping', 'stopped']);
  });

  it('stops when its standard input ends, if its parent asked for that', async () => {
    const { child, url, exited } = start({ SCALPSTORM_PARENT: 'stdin' });
    await url();
    child.stdin?.end();
    expect(await exited).toBe(0);
  });

  it('is cut off when it does not stop in time', async () => {
    const { child, url, exited, lines } = start({ HANG: 'true' });
    await url();
    child.kill('SIGTERM');
    expect(await exited).toBe(1);
    expect(lines().at(-1)).toMatchObject({ level: 'fatal', msg: 'did not stop in time and is cut off' });
  });

  it('names every wrong variable and exits with 78, which means: do not start me again', async () => {
    const { exited, output } = start({ PORT: 'abc', CHILD_NAME: '' });
    expect(await exited).toBe(78);
    expect(output()).toContain('CHILD_NAME is not set');
    expect(output()).toContain('PORT is \\"abc\\"');
  });

  it('says what somebody has to do before it can start, and exits with 78', async () => {
    const { exited, lines } = start({ REFUSE: 'true' });
    expect(await exited).toBe(78);
    const said = {
      level: 'fatal',
      msg: 'the tables are not ours',
      code: 'TABLES_ARE_NEWER',
      next: 'start the other version',
    };
    expect(lines().at(-1)).toMatchObject(said);
  });

  it('answers the request that met a bug, then logs it and exits with 1', async () => {
    const { url, exited, lines } = start({});
    const reply = await fetch(`${await url()}/child/bug`);
    expect(reply.status).toBe(500);
    expect(await reply.json()).toMatchObject({ code: 'INTERNAL' });
    expect(await exited).toBe(1);
    expect(lines().at(-1)).toMatchObject({ level: 'fatal', error: { message: 'two and two were five' } });
  });

  it('exits with 1 when a rejection was not handled', async () => {
    const { url, exited, lines } = start({});
    await fetch(`${await url()}/child/rejection`).catch(() => undefined);
    expect(await exited).toBe(1);
    expect(lines().at(-1)).toMatchObject({ level: 'fatal', error: { message: 'nobody looked' } });
  });
});
