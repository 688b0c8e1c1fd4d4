import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { lockHolder, tryLock } from './lock.mjs';
import { ensureRuntimeDirectory, runtimeRoot } from './paths.mjs';
import { endInOrder } from './processes.mjs';
import { removeOutsideData } from './servers/identity.mjs';

const namePattern = /^[a-z0-9][a-z0-9-]{0,40}$/;
const staleGraceMs = 5_000;

/** Writes a file whole or not at all, readable by its owner alone. */
export function writePrivate(path, text) {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

export function readJson(path, fallback) {
  if (!existsSync(path)) return fallback;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Failure('RUNTIME_FILE_UNREADABLE', `${path} is not JSON.`, {
      where: path,
      next: 'delete the file, or start with --reset to forget the instance',
      cause,
    });
  }
}

export function instanceDirectory(name) {
  if (!namePattern.test(name)) {
    throw new Failure('INVALID_INSTANCE_NAME', `"${name}" cannot name an instance.`, {
      where: '--name',
      next: 'use up to 40 small letters, digits and hyphens, such as --name second',
      exitCode: 2,
    });
  }
  return join(runtimeRoot, name);
}

/** Ends what an earlier run of the instance left behind, services before servers. */
export async function endRecorded(directory) {
  const recorded = readJson(join(directory, 'processes.json'), []);
  await endInOrder(recorded, staleGraceMs);
  rmSync(join(directory, 'processes.json'), { force: true });
  return recorded.length;
}

/** An instance: a folder with the data, the logs, the passwords and the list of processes of one running set. */
export function describeInstance(name, { temporary = false } = {}) {
  const directory = ensureRuntimeDirectory(instanceDirectory(name));
  const logs = join(directory, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const secretsFile = join(directory, 'secrets.json');
  const processesFile = join(directory, 'processes.json');
  return {
    name,
    directory,
    temporary,
    logFile: (process) => join(logs, `${process}.log`),
    folder: (child) => {
      const path = join(directory, child);
      mkdirSync(path, { recursive: true, mode: 0o711 });
      return path;
    },
    /** The password of that name, made once. */
    secret: (key) => {
      const secrets = readJson(secretsFile, {});
      if (secrets[key] === undefined) {
        secrets[key] = randomBytes(24).toString('base64url');
        writePrivate(secretsFile, `${JSON.stringify(secrets, null, 1)}\n`);
      }
      return secrets[key];
    },
    record: (children) => {
      if (existsSync(directory)) writePrivate(processesFile, JSON.stringify(children));
    },
    recorded: () => readJson(processesFile, []),
  };
}

/**
 * Claims an instance for this process: one launcher a name. What a dead launcher left is ended first.
 * @param {string} name
 * @param {{reset?: boolean, temporary?: boolean}} [options] nothing of a temporary one is kept when it ends
 */
export async function claimInstance(name, { reset = false, temporary = false } = {}) {
  const directory = ensureRuntimeDirectory(instanceDirectory(name));
  const lock = `${directory}.lock`;
  // The first look may find a dead holder and clear it away; the second one takes it.
  const release = tryLock(lock) ?? tryLock(lock);
  if (release === undefined) {
    throw new Failure(
      'INSTANCE_RUNNING',
      `the instance "${name}" is running already (process ${lockHolder(lock)?.pid}).`,
      {
        where: directory,
        next: `stop it first (Ctrl-C where it runs, or kill ${lockHolder(lock)?.pid}), or start a second one beside it with --name ${name}-2`,
      },
    );
  }
  await endRecorded(directory);
  if (reset) removeInstance(name);
  return { ...describeInstance(name, { temporary }), release };
}

/** Removes what temporary instances of that prefix left behind when they were killed. */
export async function sweepTemporary(prefix) {
  if (!existsSync(runtimeRoot)) return;
  const left = readdirSync(runtimeRoot).filter((entry) => entry.startsWith(prefix));
  for (const name of new Set(left.map((entry) => entry.replace(/\.lock.*$/, '')))) {
    const directory = join(runtimeRoot, name);
    const release = tryLock(`${directory}.lock`) ?? tryLock(`${directory}.lock`);
    if (release === undefined) continue;
    await endRecorded(directory);
    removeInstance(name);
    release();
  }
}

/** Forgets everything an instance has stored. */
export function removeInstance(name) {
  rmSync(join(runtimeRoot, name), { recursive: true, force: true });
  removeOutsideData(name);
}
