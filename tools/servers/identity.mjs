import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from '../paths.mjs';
import { say } from '../progress.mjs';

// "nobody": Postgres refuses to run as root, and this user exists everywhere and owns nothing.
const unprivileged = { uid: 65_534, gid: 65_534 };
const namespaceArgs = ['--user', '--map-user=1000', '--map-group=1000'];

/**
 * How this user may run a program that refuses root.
 * @typedef {object} Identity
 * @property {string} command the program, possibly a copy of it
 * @property {string} directory where its data goes
 * @property {(command: string, args: readonly string[]) => {command: string, args: string[], options: object}} wrap
 * @property {{uid: number, gid: number} | undefined} owner who must own the data, as seen from here
 */

function plain(command, args) {
  return { command, args: [...args], options: {} };
}

function asUnprivileged(command, args) {
  return { command, args: [...args], options: { ...unprivileged, cwd: '/' } };
}

function inNamespace(command, args) {
  return { command: 'unshare', args: [...namespaceArgs, command, ...args], options: {} };
}

function runs({ command, args, options }, environment) {
  const answer = spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, ...environment }, ...options });
  return answer.status === 0;
}

/** The same for every run of this clone; it survives a restart of the machine. */
function outsideFolder() {
  return join('/var/tmp', `scalpstorm-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`);
}

/** Root runs programs from there, so nobody else may have made it or may write to it. */
function ensureOutsideFolder() {
  const folder = outsideFolder();
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const status = lstatSync(folder);
  if (status.uid !== 0 || (status.mode & 0o022) !== 0 || !status.isDirectory()) {
    throw new Error(`${folder} does not belong to root alone: remove it`);
  }
  return folder;
}

function copyOf(command) {
  const installation = dirname(dirname(command));
  const target = join(ensureOutsideFolder(), `${basename(installation)}-copy`);
  if (!existsSync(target)) {
    const partial = `${target}.${process.pid}.partial`;
    cpSync(installation, partial, { recursive: true, verbatimSymlinks: true });
    renameSync(partial, target);
  }
  return join(target, 'bin', basename(command));
}

/**
 * Chooses how to run `command` with its data in `directory`: as ourselves; as root under another user; as root in a user
 * namespace, when the path lies in a folder that only root may enter; as root from a copy outside.
 * @returns {Identity}
 */
export function identityFor({ command, directory, environment }) {
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  if (process.getuid?.() !== 0) return { command, directory, wrap: plain, owner: undefined };
  const reachable = runs(asUnprivileged('/bin/sh', ['-c', 'cd "$1"', 'sh', directory]));
  if (reachable && runs(asUnprivileged(command, ['--version']), environment)) {
    return { command, directory, wrap: asUnprivileged, owner: unprivileged };
  }
  if (runs(inNamespace(command, ['--version']), environment)) {
    return { command, directory, wrap: inNamespace, owner: { uid: 0, gid: 0 } };
  }
  const runsAsOther = (program) => runs(asUnprivileged(program, ['--version']), environment);
  const reachableCommand = runsAsOther(command) ? command : copyOf(command);
  if (!runsAsOther(reachableCommand)) {
    throw new Error(
      `${command} runs neither as another user, nor in a user namespace, nor as a copy in ${outsideFolder()}`,
    );
  }
  const outside = join(ensureOutsideFolder(), basename(dirname(directory)), basename(directory));
  mkdirSync(outside, { recursive: true, mode: 0o711 });
  say(`! only root may enter ${directory}: the data of ${basename(command)} is kept in ${outside}`);
  return { command: reachableCommand, directory: outside, wrap: asUnprivileged, owner: unprivileged };
}

/** Forgets what was kept outside the clone for an instance. */
export function removeOutsideData(instance) {
  rmSync(join(outsideFolder(), instance), { recursive: true, force: true });
}

/** Gives a folder and all in it to the owner, unless it is theirs already. */
export function giveTo(owner, path) {
  if (owner === undefined || !existsSync(path)) return;
  const status = lstatSync(path);
  if (status.uid === owner.uid) return;
  chownSync(path, owner.uid, owner.gid);
  chownInside(owner, path);
}

function chownInside(owner, folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) continue;
    chownSync(path, owner.uid, owner.gid);
    if (entry.isDirectory()) chownInside(owner, path);
  }
}
