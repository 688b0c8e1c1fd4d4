// All services in one process: each is given its own environment, as if it had a process of its own. The services end the
// process themselves, as they do alone: on a signal, and when standard input ends.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../paths.mjs';

async function startService({ name, environment }) {
  const { start } = await import(pathToFileURL(join(root, `services/${name}/dist/start.js`)).href);
  await start(environment);
}

const { services = [], companions = [] } = JSON.parse(process.env.SCALPSTORM_SINGLE_PROCESS ?? '{}');
await Promise.all(services.map(startService));
// Nothing that trades waits for these.
await Promise.all(companions.map(startService));
