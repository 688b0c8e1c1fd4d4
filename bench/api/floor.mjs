// The floor in a process of its own: fastify, one route, a constant body of the size of a small list.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export async function startFloor() {
  const file = fileURLToPath(new URL('constant-server.mjs', import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { ...JSON.parse(line), stop: async () => void child.kill('SIGKILL') };
}
