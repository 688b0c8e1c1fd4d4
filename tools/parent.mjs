import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const linux = process.platform === 'linux';
// Without /proc every look starts a program.
const pollMs = linux ? 500 : 2_000;

/** @returns {{parent: number, command: string} | undefined} undefined when there is no such process */
function look(pid) {
  try {
    if (linux) {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return { parent, command: readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim() };
    }
    const answer = spawnSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' });
    const [, parent, command] = /^\s*(\d+)\s+(.*)$/.exec(answer.stdout) ?? [];
    return parent === undefined ? undefined : { parent: Number(parent), command };
  } catch {
    return undefined;
  }
}

/** Between npm and its script stands a shell that outlives a killed npm: `sh -c node tools/run.mjs start`. */
function isScriptShell(command) {
  return /^\S*sh -c /.test(command);
}

/**
 * Calls `onGone` once when the process that started us has ended: npm and npx pass no signal on when they are killed, so nobody
 * else would tell us.
 */
export function watchParent(onGone) {
  const parent = process.ppid;
  const seen = look(parent);
  const behindShell = seen !== undefined && isScriptShell(seen.command) ? seen.parent : undefined;
  const timer = setInterval(() => {
    const gone = process.ppid !== parent || (behindShell !== undefined && look(parent)?.parent !== behindShell);
    if (!gone) return;
    clearInterval(timer);
    onGone();
  }, pollMs);
  timer.unref();
}

export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
