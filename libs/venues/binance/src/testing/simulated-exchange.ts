import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BinanceAddresses, BinanceCredentials } from '../options.js';

/** A simulated exchange in a process of its own. */
export interface SimulatedExchange {
  readonly addresses: BinanceAddresses;
  readonly credentials: BinanceCredentials;
  readonly symbols: readonly string[];
  /** Opened by `--admin`: faults that it is told to make. */
  fault(body: object): Promise<void>;
  /** Changes filters of a market, by their names in exchangeInfo. */
  filters(body: object): Promise<void>;
  /** How many orders the venue ever had under that id. */
  ordersWith(clientOrderId: string): Promise<unknown>;
  stop(): Promise<void>;
}

const entry = 'dist/sim-exchange.js';
const startMsMax = 90_000;

/** For tests: starts the real one on a free port and waits for its first line. */
export async function startSimulatedExchange(args: readonly string[] = []): Promise<SimulatedExchange> {
  const process_ = spawn(
    process.execPath,
    [join(repositoryRoot(), entry), '--seed', '1', '--admin', '--json', ...args],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, SCALPSTORM_PARENT: 'stdin' },
    },
  );
  const line = await firstLine(process_);
  const { rest, spotWs, wsApi, symbols, account } = JSON.parse(line) as BinanceAddresses & {
    symbols: readonly string[];
    account: BinanceCredentials;
  };
  return {
    addresses: { rest, spotWs, wsApi },
    credentials: account,
    symbols,
    fault: async (body) => {
      await post(`${rest}/sim/faults`, body);
    },
    filters: async (body) => {
      await post(`${rest}/sim/filters`, body);
    },
    ordersWith: async (clientOrderId) => {
      const answer = await fetch(`${rest}/sim/orders?clientOrderId=${clientOrderId}`);
      return ((await answer.json()) as { orders?: unknown }).orders;
    },
    stop: () => stop(process_),
  };
}

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the simulated exchange refused ${url}: ${await answer.text()}`);
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no standard output');
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the simulated exchange ended with ${code}`))),
    once(AbortSignal.timeout(startMsMax), 'abort').then(() => Promise.reject(new Error('no line in time'))),
  ])) as [string];
  return line;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** The folder above us that holds the built service. */
function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, entry))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`${entry} is not built: run \`npm run build\``);
    folder = above;
  }
  return folder;
}
