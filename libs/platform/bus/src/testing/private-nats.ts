import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { administrator, natsUsers, speakers } from '@scalpstorm/contracts';
import { pause, within } from '../backoff.js';
import { freePort } from './free-port.js';
import type { TestNats } from './throw-away-namespace.js';
import { until } from './until.js';

/** A server of one spec alone, which it may kill. */
export interface PrivateNats extends TestNats {
  start(): Promise<void>;
  /** Without a chance to say goodbye or to write anything. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

/** On a free port of this machine, with the users of the platform; not yet started. */
export async function privateNats(command: string): Promise<PrivateNats> {
  const folder = await mkdtemp(join(tmpdir(), 'scalpstorm-nats-'));
  const port = await freePort();
  const names = [administrator, ...speakers];
  const passwords = Object.fromEntries(names.map((name) => [name, randomBytes(12).toString('hex')]));
  const file = join(folder, 'nats.json');
  await writeFile(
    file,
    JSON.stringify({
      host: '127.0.0.1',
      port,
      jetstream: { store_dir: join(folder, 'jetstream') },
      authorization: { users: natsUsers(passwords) },
    }),
    { mode: 0o600 },
  );
  let child: ChildProcess | null = null;
  const kill = async () => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await within(5_000, ended);
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    adminUser: administrator,
    adminPassword: passwords[administrator] ?? '',
    passwords,
    async start() {
      child = spawn(command, ['-c', file], { stdio: 'ignore' });
      child.once('error', () => {});
      await until('the server to listen', () => listens(port));
    },
    kill,
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listens(port: number): Promise<boolean> {
  const { connect } = await import('node:net');
  const socket = connect({ host: '127.0.0.1', port });
  const answered = new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  const answer = await Promise.race([answered, pause(1_000).then(() => false)]);
  socket.destroy();
  return answer;
}
