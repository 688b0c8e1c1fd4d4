// All services in one process: each is given its own environment, as if it had a process of its own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../paths.mjs';

const stopMs = 5_000;

async function main() {
  const stages = JSON.parse(process.env.SCALPSTORM_SINGLE_PROCESS ?? '[]');
  const running = [];
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopMs).unref();
    for (const service of running.reverse()) await service.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdin.on('end', stop).on('error', stop).resume();
  for (const stage of stages) {
    const started = stage.map(async ({ name, environment }) => {
      const { start } = await import(pathToFileURL(join(root, `services/${name}/dist/start.js`)).href);
      running.push(await start(environment));
    });
    await Promise.all(started);
  }
}

main().catch((error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});
