import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from './cache.mjs';
import { containerCommand } from './docker.mjs';
import { natsAnswers } from './probe.mjs';

/** @type {import('./resolve.mjs').ServerDefinition} */
export const natsDefinition = {
  kind: 'nats',
  label: 'NATS with JetStream',
  urlVariable: 'NATS_URL',
  program: 'nats-server',
  range: { atLeast: [2, 10], below: [3] },
  image: 'nats:2.10-alpine',
  async provision({ cache }) {
    const folder = await cachedFolder(cache, { name: 'nats-2.10', suite: 'trixie', packages: ['nats-server'] });
    // Debian has had it in both places.
    const command = ['usr/bin/nats-server', 'usr/sbin/nats-server'].map((path) => join(folder, path)).find(existsSync);
    if (command === undefined) throw new Error('the package holds no nats-server');
    return { command };
  },
};

/** How long a client may take to say who it is: on a busy machine longer than the usual two seconds. */
export const logInSeconds = 15;

/**
 * What the server is told, as JSON, which its configuration language includes.
 * @param {{host: string, port: number, store: string, users: readonly object[], syncInterval?: string}} wanted
 */
export function natsConfiguration({ host, port, store, users, syncInterval }) {
  return {
    server_name: 'scalpstorm',
    host,
    port,
    jetstream: { store_dir: store, ...(syncInterval ? { sync_interval: syncInterval } : {}) },
    authorization: { users, timeout: logInSeconds },
  };
}

/**
 * @param {{candidate: object, directory: string, port: number, users: readonly object[], logFile: string,
 *   syncInterval?: string, container: string}} wanted
 */
export function planNats({ candidate, directory, port, users, logFile, syncInterval, container }) {
  const store = join(directory, 'jetstream');
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const file = join(directory, 'nats.json');
  const inDocker = candidate.from === 'docker';
  const where = inDocker ? { host: '0.0.0.0', port: 4222, store: '/data' } : { host: '127.0.0.1', port, store };
  const configuration = natsConfiguration({ ...where, users, syncInterval });
  writeFileSync(file, `${JSON.stringify(configuration, null, 1)}\n`, { mode: 0o600 });
  const local = { command: candidate.command, args: ['-c', file], environment: candidate.environment };
  const run = inDocker
    ? containerCommand({
        container,
        image: natsDefinition.image,
        publish: { port, inside: 4222 },
        mounts: [`${file}:/etc/nats/nats.json:ro`, `${store}:/data`],
        args: ['-c', '/etc/nats/nats.json'],
      })
    : local;
  return {
    name: 'nats',
    url: `nats://127.0.0.1:${port}`,
    child: { ...run, logFile, tier: 'server' },
    ready: () => natsAnswers({ host: '127.0.0.1', port }),
  };
}
