import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from './cache.mjs';
import { containerCommand } from './docker.mjs';
import { redisAnswers } from './probe.mjs';

const packages = [
  'redis-server',
  'redis-tools',
  'libjemalloc2',
  'liblzf1',
  'liblua5.1-0',
  'lua-cjson',
  'lua-bitop',
  'libssl3',
  'libatomic1',
];

const libraryFolders = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** @type {import('./resolve.mjs').ServerDefinition} */
export const redisDefinition = {
  kind: 'redis',
  label: 'Redis',
  urlVariable: 'REDIS_URL',
  program: 'redis-server',
  range: { atLeast: [6, 2] },
  image: 'redis:7-alpine',
  async provision({ cache }) {
    const folder = await cachedFolder(cache, { name: 'redis-7.0', suite: 'bookworm', packages });
    const libraries = join(folder, 'usr/lib', libraryFolders[process.arch] ?? process.arch);
    return { command: join(folder, 'usr/bin/redis-server'), environment: { LD_LIBRARY_PATH: libraries } };
  },
};

/** Redis holds only what can be rebuilt, so nothing is written behind its back. */
function redisConfiguration({ password, host, port, directory }) {
  return [
    `bind ${host}`,
    `port ${port}`,
    `dir "${directory}"`,
    `requirepass ${password}`,
    'appendonly no',
    'save ""',
    'daemonize no',
    'maxmemory 128mb',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

/** @param {{candidate: object, directory: string, port: number, password: string, logFile: string, container: string}} wanted */
export function planRedis({ candidate, directory, port, password, logFile, container }) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'redis.conf');
  const inDocker = candidate.from === 'docker';
  const where = inDocker ? { host: '0.0.0.0', port: 6379, directory: '/data' } : { host: '127.0.0.1', port, directory };
  writeFileSync(file, redisConfiguration({ password, ...where }), { mode: 0o600 });
  const run = inDocker
    ? containerCommand({
        container,
        image: redisDefinition.image,
        publish: { port, inside: 6379 },
        environment: { REDIS_CONFIGURATION: redisConfiguration({ password, ...where }) },
        // The image drops to a user that could not read a mounted file of ours.
        args: ['sh', '-c', 'printf "%s" "$REDIS_CONFIGURATION" | exec redis-server -'],
      })
    : { command: candidate.command, args: [file], environment: candidate.environment };
  return {
    name: 'redis',
    url: `redis://:${password}@127.0.0.1:${port}`,
    child: { ...run, logFile, tier: 'server' },
    ready: () => redisAnswers({ host: '127.0.0.1', port, password }),
  };
}
