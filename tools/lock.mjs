import { linkSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, processIdentity } from './processes.mjs';

const pollMs = 100;
const takeoverStaleMs = 10_000;

/** @returns {{pid: number, identity?: string} | undefined} who holds the lock, dead or alive */
export function lockHolder(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    return { pid: 0 };
  }
}

/**
 * Takes the lock when nobody alive holds it.
 * @returns {(() => void) | undefined} the release, or undefined while another process holds it
 */
export function tryLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) });
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    // A link appears whole or not at all: nobody can read a half-written holder.
    linkSync(draft, path);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const holder = lockHolder(path);
    if (holder === undefined || !isAlive(holder)) removeDeadHolder(path);
    return undefined;
  } finally {
    unlinkSync(draft);
  }
  return () => {
    if (lockHolder(path)?.pid === process.pid) rmSync(path, { force: true });
  };
}

/**
 * Two takers could both see a dead holder, and the slower one would remove the faster one's fresh lock: so the look and the
 * removal happen inside a folder that only one of them can create.
 */
function removeDeadHolder(path) {
  const gate = `${path}.takeover`;
  try {
    mkdirSync(gate);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const made = statSync(gate, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > takeoverStaleMs) rmSync(gate, { recursive: true, force: true });
    return;
  }
  try {
    const holder = lockHolder(path);
    if (holder !== undefined && !isAlive(holder)) rmSync(path, { force: true });
  } finally {
    rmdirSync(gate);
  }
}

/**
 * Runs `work` while holding the lock, waiting for whoever holds it.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{waitMs?: number, onWait?: (pid: number) => void}} [options]
 * @returns {Promise<T>}
 */
export async function withLock(path, work, options = {}) {
  const until = Date.now() + (options.waitMs ?? 15 * 60_000);
  let release = tryLock(path);
  let told = false;
  while (release === undefined) {
    if (Date.now() > until) throw new Error(`${path} is still held by process ${lockHolder(path)?.pid}`);
    const holder = lockHolder(path);
    if (!told && holder !== undefined && isAlive(holder)) {
      told = true;
      options.onWait?.(holder.pid);
    }
    await delay(pollMs);
    release = tryLock(path);
  }
  try {
    return await work();
  } finally {
    release();
  }
}
