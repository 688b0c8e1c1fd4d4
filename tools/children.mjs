import { spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './paths.mjs';
import { endInOrder, processIdentity } from './processes.mjs';

const logBytesMax = 20 * 1024 * 1024;
const graceMs = 6_000;

/**
 * @typedef {object} ChildCommand
 * @property {string} name
 * @property {'service' | 'venue' | 'server'} tier services are ended before the venue, and that before servers
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Record<string, string | undefined>} [environment] added to ours
 * @property {object} [options] more options of spawn: uid, gid, cwd
 * @property {string} [logFile] where stdout and stderr go; without it stdout and stderr are pipes
 * @property {NodeJS.Signals} [stopSignal]
 * @property {readonly string[]} [cleanup] a command that ends what the process itself may leave behind
 */

function openLog(path) {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logBytesMax) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/**
 * Starts children, each in a group of its own, and ends all of them.
 * @param {{onChange?: (children: readonly object[]) => void, temporary?: string, guarded?: boolean}} [options]
 *   `onChange` hears the list of the living; `temporary` is a folder that goes when everything has ended; unguarded children
 *   outlive us on purpose
 */
export function createChildren({ onChange = () => undefined, temporary, guarded = true } = {}) {
  const living = new Map();
  let guardian;
  let ending = false;

  const tell = (message) => {
    if (guardian?.stdin.writable) guardian.stdin.write(`${JSON.stringify(message)}\n`);
  };

  const startGuardian = () => {
    guardian = spawn(process.execPath, [join(root, 'tools/guardian.mjs')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
    });
    guardian.unref();
    guardian.stdin.unref?.();
    guardian.stdin.on('error', () => undefined);
    guardian.once('exit', () => !ending && startGuardian());
    if (temporary) tell({ temporary });
    for (const { record } of living.values()) tell({ add: record });
  };
  if (guarded) startGuardian();

  const start = (wanted) => {
    if (ending) throw new Failure('ENDING', `${wanted.name} is not started any more: everything is ending.`);
    const log = wanted.logFile === undefined ? undefined : openLog(wanted.logFile);
    const piped = wanted.tier !== 'server' && guarded;
    const child = spawn(wanted.command, wanted.args, {
      cwd: root,
      ...wanted.options,
      env: { ...process.env, ...wanted.environment },
      detached: true,
      stdio: [piped ? 'pipe' : 'ignore', log ?? 'pipe', log ?? 'pipe'],
    });
    if (log !== undefined) closeSync(log);
    child.stdin?.on('error', () => undefined);
    adopt(child, wanted);
    if (!guarded) child.unref();
    return child;
  };

  /** Ends a process with the others that somebody else has spawned. */
  const adopt = (child, { name, tier, stopSignal, cleanup }) => {
    if (child.pid === undefined) return;
    const record = { name, pid: child.pid, identity: processIdentity(child.pid), tier, stopSignal, cleanup };
    living.set(child.pid, { record, child });
    tell({ add: record });
    onChange([...living.values()].map((entry) => entry.record));
    child.once('exit', () => {
      living.delete(record.pid);
      tell({ remove: record.pid });
      onChange([...living.values()].map((entry) => entry.record));
    });
  };

  /** Those of these names that live hear it; how many it were. */
  const signal = (names, name) => {
    const heard = [...living.values()].filter(({ record }) => names.includes(record.name));
    return heard.filter(({ child }) => child.kill(name)).length;
  };

  /** Ends services, then the venue, then servers; nothing is left when it resolves. */
  const endAll = async () => {
    ending = true;
    const records = [...living.values()].map(({ record }) => record);
    await endInOrder(records, graceMs);
    guardian?.stdin.end();
  };

  return { start, adopt, signal, endAll, isEnding: () => ending };
}

/** Resolves when the child has started; a program that cannot be run is an error that a person understands. */
export function spawned(child, name) {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child));
    child.once('error', (cause) => {
      reject(
        new Failure('PROCESS_NOT_STARTED', `${name} could not be started: ${cause.message}`, { where: name, cause }),
      );
    });
  });
}
