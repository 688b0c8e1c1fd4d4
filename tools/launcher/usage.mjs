import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;
const kibiInMebi = 1_024;

function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It has ended meanwhile, or belongs to somebody else.
    return '';
  }
}

/** Fields of proc(5) stat from the third one on; the second may hold blanks and brackets. */
function statOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.length > 12 ? { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) } : undefined;
}

/** The share of memory that is a process's own: pages that several share are counted in parts. */
function memoryKib(pid) {
  const share = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`));
  const resident = share ?? /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`));
  return resident === null ? 0 : Number(resident[1]);
}

/**
 * Memory now and CPU time so far of processes with their direct children (Postgres has one a connection; CPU time of children
 * that have ended is not counted). Empty where there is no /proc.
 * @param {readonly {name: string, pid: number}[]} recorded
 * @returns {readonly {name: string, memoryMiB: number, cpuSeconds: number}[]}
 */
export function usageOf(recorded) {
  if (process.platform !== 'linux') return [];
  const stats = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => ({ pid: Number(entry), ...statOf(entry) }));
  return recorded.map(({ name, pid }) => {
    const members = stats.filter((stat) => stat.pid === pid || stat.parent === pid);
    const kib = members.reduce((sum, member) => sum + memoryKib(member.pid), 0);
    const ticks = members.reduce((sum, member) => sum + (member.ticks ?? 0), 0);
    return { name, memoryMiB: Math.round(kib / kibiInMebi), cpuSeconds: ticks / ticksPerSecond };
  });
}
