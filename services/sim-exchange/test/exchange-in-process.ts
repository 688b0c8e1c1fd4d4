import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Announcement } from '../src/sim-exchange.module.js';

const entry = fileURLToPath(new URL('../../../dist/sim-exchange.js', import.meta.url));
const startMsMax = 90_000;

export interface SpawnedExchange {
  readonly announcement: Announcement;
  /** As the kernel does it when memory is short: nothing is flushed, nothing is said. */
  kill(): Promise<void>;
}

/** The built program in a process of its own. */
export async function spawnExchange(args: readonly string[]): Promise<SpawnedExchange> {
  if (!existsSync(entry)) throw new Error(`${entry} is missing; run npm run build first`);
  const child = spawn(process.execPath, [entry, '--port', '0', '--json', '--admin', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, SCALPSTORM_PARENT: 'stdin' },
  });
  const announcement = JSON.parse(await firstLine(child)) as Announcement;
  return {
    announcement,
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the exchange was started without pipes');
  let complaint = '';
  stderr.on('data', (text) => {
    complaint += String(text);
  });
  const lines = createInterface({ input: stdout });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the exchange ended with ${code}: ${complaint}`))),
    once(AbortSignal.timeout(startMsMax), 'abort').then(() => Promise.reject(new Error('no line in time'))),
  ])) as [string];
  return line;
}
