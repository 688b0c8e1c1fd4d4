// The programs of the platform as processes of their own, as the launcher starts them, and what the system says they use.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../tools/ports.mjs';

const program = (name) => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
const readyMs = 120_000;
/** Of `/proc/PID/stat`; the same on every Linux that Node runs on. */
const clockTicksPerSecond = 100;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {Record<string, string>} shared what every service finds in its environment */
export function createProcesses({ namespace, shared }) {
  const running = new Map();

  async function start(name, { own = {}, natsUser = name } = {}) {
    const port = await freePort();
    const passwords = JSON.parse(process.env.TEST_NATS_PASSWORDS);
    const env = {
      PATH: process.env.PATH,
      SCALPSTORM_NAMESPACE: namespace,
      SCALPSTORM_PARENT: 'stdin',
      OPERATIONS_PORT: String(port),
      NATS_USER: natsUser,
      NATS_PASSWORD: passwords[natsUser],
      LOG_LEVEL: 'warn',
      ...shared,
      ...own,
    };
    const execArgs = (process.env.BENCH_NODE_ARGS ?? '').split(' ').filter((text) => text.startsWith(`${name}:`));
    const args = [...execArgs.map((text) => text.slice(name.length + 1)), program(name)];
    const child = spawn(process.execPath, args, {
      env,
      stdio: ['pipe', process.env.BENCH_LOG ? 2 : 'ignore', 'inherit'],
    });
    running.set(name, { child, port, again: () => start(name, { own, natsUser }) });
    await ready(name, port, child);
  }

  const of = (name) => {
    const found = running.get(name);
    if (!found) throw new Error(`${name} was not started`);
    return found;
  };

  return {
    start,
    /** Starts the exchange; resolves with its first line. */
    startExchange: (args) => startExchange(args, running),
    /** Ends it as a power cut would. */
    kill: async (name) => {
      const { child } = of(name);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
    restart: (name) => of(name).again(),
    usage: () => ({
      ...Object.fromEntries([...running].map(([name, { child }]) => [name, usageOf(child.pid)])),
      ...serverUsage(),
    }),
    usageOf: (name) => usageOf(of(name).child.pid),
    metrics: async (name) => (await fetch(`http://127.0.0.1:${of(name).port}/metrics`)).text(),
    stop: () => {
      for (const { child } of running.values()) child.kill('SIGKILL');
    },
  };
}

function startExchange(args, running) {
  const child = spawn(process.execPath, [program('sim-exchange'), '--port', '0', '--json', ...args], {
    env: { PATH: process.env.PATH, SCALPSTORM_PARENT: 'stdin' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.set('sim-exchange', { child, port: 0 });
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`the exchange had no market after ${readyMs} ms`)), readyMs);
    child.once('exit', (code) => reject(new Error(`the exchange ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      child.stdout.removeAllListeners('data').resume();
      resolve(JSON.parse(text.slice(0, text.indexOf('\n'))));
    });
  });
}

async function ready(name, port, child) {
  const end = Date.now() + readyMs;
  while (Date.now() < end) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await pause(50);
  }
  throw new Error(`${name} was not ready after ${readyMs} ms`);
}

const servers = new Map([
  ['postgres', 'postgres'],
  ['nats-server', 'nats'],
  ['redis-server', 'redis'],
]);

/** CPU time of the servers that were started for this run: they have the same ancestor as the bench. */
function serverUsage() {
  const processes = new Map(
    readdirSync('/proc')
      .filter((name) => /^[0-9]+$/.test(name))
      .flatMap(processOf),
  );
  const used = Object.fromEntries([...servers.values()].map((name) => [name, { cpuSeconds: 0 }]));
  for (const [pid, { name, cpuSeconds, endedSeconds }] of processes) {
    const server = servers.get(name);
    if (server === undefined || !descends(processes, pid)) continue;
    used[server].cpuSeconds += cpuSeconds + endedSeconds;
  }
  return used;
}

function descends(processes, pid) {
  for (let next = pid; next !== undefined && next > 1; next = processes.get(next)?.parent)
    if (next === process.ppid) return true;
  return false;
}

/** Nothing for one that has ended meanwhile. */
function processOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [parent, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14]
      .map((at) => fieldsOf(stat)[at])
      .map(Number);
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const seconds = (ticks) => ticks / clockTicksPerSecond;
    const one = { name, parent, cpuSeconds: seconds(user + system), endedSeconds: seconds(endedUser + endedSystem) };
    return [[Number(pid), one]];
  } catch {
    return [];
  }
}

/** What follows the name, which may hold spaces. */
const fieldsOf = (stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

/** @returns {{cpuSeconds: number, mebibytes: number}} */
export function usageOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = [11, 12].map((at) => Number(fieldsOf(stat)[at]));
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { cpuSeconds: (user + system) / clockTicksPerSecond, mebibytes: Number(resident?.[1] ?? Number.NaN) / 1_024 };
}
