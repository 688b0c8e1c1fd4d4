import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What a system tells of its processes. */
export interface ProcessTable {
  /** Where process numbers mean the same processes: the run of a kernel and the namespaces in it. Null where nothing tells. */
  readonly place: string | null;
  /** When the process began, in units of the system; 'gone' when there is none of that number; null when nothing tells. */
  startOf(pid: number): string | 'gone' | null;
}

const linux: ProcessTable = { place: placeHere(), startOf };

/**
 * This process, as the text in a lease: machine, number, a random part, and, where the system tells, what others need to see that it
 * has died. Equal for all leases of this process, and for none of another one.
 */
export const thisHolder: string = [hostname(), process.pid, randomUUID(), ...evidence()].join('/');

/** Machine and number, for people. */
export const placeOf = (holder: string): string => holder.split('/').slice(0, 2).join('/');

/**
 * True only with proof that the holder's process is gone, so that nobody has to wait for its lease to end. The name of a machine and a
 * number prove nothing: two containers share the one and count the other anew, and numbers come again. So it must be the same
 * run of the same kernel and the same namespaces, with no process of that number, or one that began at another time.
 */
export function diedHere(holder: string, processes: ProcessTable = linux): boolean {
  const [host, number, , boot, namespaces, start, ...more] = holder.split('/');
  const pid = Number(number);
  if (start === undefined || more.length > 0 || !Number.isInteger(pid) || pid <= 0) return false;
  if (host !== hostname() || processes.place !== `${boot}/${namespaces}`) return false;
  const known = processes.startOf(pid);
  return known !== null && known !== start;
}

function evidence(): readonly string[] {
  const { place } = linux;
  const start = linux.startOf(process.pid);
  return place === null || start === null || start === 'gone' ? [] : [place, start];
}

/** A namespace of time moves the times at which processes began. */
function placeHere(): string | null {
  try {
    // A /proc of other namespaces would tell of other processes.
    if (Number.parseInt(readFileSync('/proc/self/stat', 'utf8'), 10) !== process.pid) return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}${readlinkSync('/proc/self/ns/time')}`;
  } catch {
    return null;
  }
}

function startOf(pid: number): string | 'gone' | null {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ESRCH') return 'gone';
    if (code !== 'EPERM') return null;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold anything; the time is the 20th field behind it (proc_pid_stat(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
