import type { Command } from 'commander';
import { WebSocket } from 'ws';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { textOf } from '../rows.js';
import type { Runner } from '../runner.js';
import { examineMachine, port } from './doctor-machine.js';
import { readiness } from './doctor-operations.js';
import { type Finding, fail, failed, ok, warn } from './finding.js';

const clockWarnMs = 1_000;
const clockFailMs = 30_000;
const streamMs = 5_000;
const marks = { ok: '✓', warn: '!', fail: '✗' } as const;
const paints = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** A question that only one service can answer. */
const services = [
  ['strategy', '/v1/strategies'],
  ['market-data', '/v1/instruments'],
  ['execution', '/v1/accounts'],
  ['risk-gate', '/v1/trading-state'],
] as const;

export function registerDoctor(program: Command, run: Runner): void {
  program
    .command('doctor')
    .description(
      'check address, port, clock, servers, services, log-in, stream, set-up, disk, versions; what to do about each',
    )
    .action(
      run(async (context) => {
        const { output } = context;
        const findings = await examine(context);
        if (output.json) output.value({ findings });
        else for (const finding of findings) tell(context, finding);
        const bad = findings.filter(({ verdict }) => verdict === 'fail').length;
        if (bad > 0)
          throw new Failure('NOT_WELL', `${bad} of ${findings.length} checks failed.`, { next: 'see above' });
      }),
    );
}

function tell({ output }: Context, { check, verdict, text, next }: Finding): void {
  const mark = output.isTerminal ? `${output.paint(marks[verdict], paints[verdict])} ` : '';
  const separator = output.isTerminal ? '  ' : '\t';
  output.line(
    [`${mark}${verdict.padEnd(output.isTerminal ? 4 : 0)}`, check, text, next === '' ? '' : `→ ${next}`]
      .join(separator)
      .trimEnd(),
  );
}

/** From what everything needs to what is nice to have; what cannot be known without an earlier one is left out. */
async function examine(context: Context): Promise<readonly Finding[]> {
  const local = await examineMachine(context);
  const gateway = await address(context);
  if (gateway.verdict === 'fail') {
    const listening = await port(context);
    return [gateway, ...(listening === null ? [] : [listening]), ...local];
  }
  const login = await logIn(context);
  const parts = await readiness(context);
  const known = [gateway, await clock(context), ...(parts === null ? [] : [parts]), login];
  if (login.verdict === 'fail') return [...known, ...local];
  const answers = await Promise.all(services.map(([name, path]) => service(context, name, path)));
  return [...known, ...answers, await stream(context), ...local];
}

async function address({ api }: Context): Promise<Finding> {
  const startedAt = performance.now();
  try {
    const response = await api.bare('/health/live');
    const ms = Math.round(performance.now() - startedAt);
    if (response.ok) return ok('address', `${api.url} answers in ${ms} ms`);
    return fail(
      'address',
      `${api.url} answers with ${response.status}`,
      'is it the gateway? name it with --url or SCALPSTORM_URL',
    );
  } catch (error) {
    return failed('address', error);
  }
}

async function clock({ api }: Context): Promise<Finding> {
  try {
    const before = Date.now();
    const response = await api.bare('/health/live');
    const told = Date.parse(response.headers.get('date') ?? '');
    if (Number.isNaN(told)) return warn('clock', 'the gateway does not tell its time', 'ask it through no proxy');
    // The header is cut to seconds, so half a second is the best guess; half the way is the rest.
    const offsetMs = Math.round(told + 500 - (before + Date.now()) / 2);
    const text = `${offsetMs > 0 ? 'the gateway is ahead' : 'the gateway is behind'} by about ${(Math.abs(offsetMs) / 1_000).toFixed(1)} s`;
    if (Math.abs(offsetMs) <= clockWarnMs) return ok('clock', text);
    const next = 'let both machines keep time by NTP; venues refuse orders of a wrong clock';
    return Math.abs(offsetMs) > clockFailMs ? fail('clock', text, next) : warn('clock', text, next);
  } catch (error) {
    return failed('clock', error);
  }
}

async function logIn({ api }: Context): Promise<Finding> {
  try {
    const me = (await api.get('/v1/me')) as Record<string, unknown>;
    return ok('log-in', `${textOf(me['email'])}, ${textOf(me['role'])}`);
  } catch (error) {
    return failed('log-in', error);
  }
}

async function service({ api }: Context, name: string, path: string): Promise<Finding> {
  const startedAt = performance.now();
  try {
    await api.get(path);
    return ok(name, `answers in ${Math.round(performance.now() - startedAt)} ms`);
  } catch (error) {
    return failed(name, error);
  }
}

/** A proxy that breaks websockets breaks everything live, in silence. */
async function stream({ api }: Context): Promise<Finding> {
  const token = await api.token();
  const socket = new WebSocket(`${api.url.replace(/^http/, 'ws')}/v1/stream`, { handshakeTimeout: streamMs });
  try {
    return await new Promise<Finding>((resolve) => {
      const next = 'a proxy in between must let websockets through: Upgrade and Connection headers';
      const timer = setTimeout(() => resolve(fail('stream', 'says nothing', next)), streamMs);
      timer.unref();
      socket.on('open', () => socket.send(JSON.stringify({ op: 'auth', token })));
      socket.on('message', (data) => resolve(ok('stream', `websocket: ${textOf(JSON.parse(String(data)).op)}`)));
      socket.on('error', (error) => resolve(fail('stream', error.message, next)));
      socket.on('close', (code, why) => resolve(fail('stream', `closed: ${code} ${String(why)}`, next)));
    });
  } finally {
    socket.terminate();
  }
}
