// A thread that loads one strategy of a user, and tells when that is over: what never returns can be ended with its thread alone.
import { parentPort, workerData } from 'node:worker_threads';
import { loadStrategy } from './load-strategy.js';

// What is wrong with it is told where it is loaded to be used.
await loadStrategy(workerData as string);
parentPort?.postMessage('over');
