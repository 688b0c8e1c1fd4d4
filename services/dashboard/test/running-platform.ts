import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface RunningPlatform {
  readonly address: string;
  readonly setupToken: string;
  /** Where the simulated exchange is, and a key of it, as somebody would bring one. */
  readonly venue: { readonly rest: string; readonly apiKey: string; readonly secret: string };
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('./platform.mjs', import.meta.url));
/** The simulated market, this many times faster than life. */
const speed = '4';

/** Every service with servers of its own and a simulated exchange; nobody is set up yet. `environment` is the operator's. */
export async function startPlatform(environment: Readonly<Record<string, string>>): Promise<RunningPlatform> {
  const child = spawn(process.execPath, [program, `journey-${process.pid}`, speed], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const errors: string[] = [];
  child.stderr.on('data', (chunk) => errors.push(String(chunk)));
  const ended = once(child, 'exit').then(() => null);
  const first = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line));
  const line = await Promise.race([first, ended]);
  if (line === null) throw new Error(`the platform did not start: ${errors.join('')}`);
  return {
    ...(JSON.parse(line) as Omit<RunningPlatform, 'close'>),
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
