import { parentPort } from 'node:worker_threads';
import { mutantOf, run } from '../../libs/simulation/dist/index.js';

// One run at a time: a world replaces the timers of its thread.
parentPort?.on('message', async ({ seed, crashes, mutant = null, plan = undefined }) => {
  const seams = mutant === null ? {} : mutantOf(mutant)?.seams;
  const { told: _told, plan: _plan, ...result } = await run(seed, { crashes, seams, plan });
  parentPort?.postMessage(result);
});
