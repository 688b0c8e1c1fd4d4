import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface RunningPlatform {
  readonly address: string;
  readonly setupToken: string;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('./platform.mjs', import.meta.url));
/** The simulated market, this many times faster than life. */
const speed = '4';

/** Every service with servers of its own and a simulated exchange; nobody is set up yet. */
export async function startPlatform(): Promise<RunningPlatform> {
  const child = spawn(process.execPath, [program, `journey-${process.pid}`, speed], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (chunk) => errors.push(String(chunk)));
  const ended = once(child, 'exit').then(() => null);
  const first = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line));
  const line = await Promise.race([first, ended]);
  if (line === null) throw new Error(`the platform did not start: ${errors.join('')}`);
  const { address, setupToken } = JSON.parse(line) as { address: string; setupToken: string };
  return {
    address,
    setupToken,
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
