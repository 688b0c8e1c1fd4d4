import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A text that names one life of a process id, so that a number which the system has given to somebody else is never signalled;
 * undefined when no such process runs. Linux: start time in clock ticks since boot (proc(5), field 22).
 * @param {number} pid
 */
export function processIdentity(pid) {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      // The second field is the command in brackets and may hold blanks: count from the last bracket.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  const answer = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim() || undefined : undefined;
}

/** @param {{pid: number, identity?: string}} recorded */
export function isAlive(recorded) {
  const identity = processIdentity(recorded.pid);
  return identity !== undefined && identity === recorded.identity;
}

/**
 * @typedef {object} RecordedProcess
 * @property {number} pid leads a group of its own
 * @property {string} [identity]
 * @property {'service' | 'venue' | 'server'} [tier] services are ended before the venue and the servers that they use
 * @property {NodeJS.Signals} [stopSignal] what asks it to end well; default SIGTERM
 * @property {readonly string[]} [cleanup] a command that ends what the process itself may leave behind
 */

function signal(target, name) {
  try {
    process.kill(target, name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends processes: its stop signal to the leader, a grace, KILL to the whole group. Only a process whose identity still matches
 * is touched.
 * @param {readonly RecordedProcess[]} recorded
 * @param {number} graceMs
 */
export async function endProcesses(recorded, graceMs) {
  const living = recorded.filter(isAlive);
  for (const { pid, stopSignal } of living) signal(pid, stopSignal ?? 'SIGTERM');
  const until = Date.now() + graceMs;
  while (Date.now() < until && living.some(isAlive)) await delay(20);
  const stubborn = living.filter(isAlive);
  // Also the group of a leader that has ended well: it may have left children of its own behind.
  for (const { pid } of living) signal(-pid, 'SIGKILL');
  for (const { pid } of stubborn) signal(pid, 'SIGKILL');
  const killedUntil = Date.now() + graceMs;
  while (Date.now() < killedUntil && stubborn.some(isAlive)) await delay(20);
}

const tiers = ['service', 'venue', 'server'];

/**
 * Ends services, then the simulated venue, then servers, and what they may leave behind.
 * @param {readonly RecordedProcess[]} recorded
 * @param {number} graceMs of each tier
 */
export async function endInOrder(recorded, graceMs) {
  for (const tier of tiers) {
    const members = recorded.filter((member) => member.tier === tier);
    await endProcesses(members, graceMs);
    for (const { cleanup } of members) if (cleanup) spawnSync(cleanup[0], cleanup.slice(1), { stdio: 'ignore' });
  }
}
