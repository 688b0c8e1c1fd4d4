// A thread that loads modules of users one after the other, and says of each how that ended: what never returns, or ends its process,
// can be ended with its thread alone.
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { endBy } from './end-after.js';
import { loadFile } from './load-strategy.js';
import { type ProbeMessage, type ProbeWork, settleMs } from './probe-modules.js';

const say = (message: ProbeMessage): void => parentPort?.postMessage(message);

async function probe({ candidates, stepMs, measure }: ProbeWork): Promise<void> {
  say('ready');
  for (const { file, text } of candidates) {
    const read = await loadFile(file, text, { within: (work) => endBy[measure](stepMs, work), isProbed: true });
    // What it rejected and nobody awaits ends the thread before that.
    await nextTurn();
    say({ fault: read.ok ? null : read.error });
  }
  await delay(settleMs);
  say('settled');
}

// Nothing is left to be done, and the module is not loaded.
process.once('beforeExit', () => say('waits'));
void probe(workerData as ProbeWork);
