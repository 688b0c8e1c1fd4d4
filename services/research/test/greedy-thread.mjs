// Work that does what bad work does, as its spec says.
import { parentPort, workerData } from 'node:worker_threads';

const { strategy } = workerData.spec;
parentPort.postMessage({ kind: 'progress', share: 0.5 });
if (strategy === 'hungry') {
  const all = [];
  for (;;) all.push(Array.from({ length: 1_000 }, (_, index) => `${index}:${all.length}`));
}
if (strategy === 'endless') for (;;);
if (strategy === 'throws') throw new TypeError('not like that');
if (strategy === 'leaves') {
  const search = { strategy, timeframe: '1m', ground: '' };
  for (let from = 0; from < 3; from += 1) parentPort.postMessage({ kind: 'tried', search, trial: { from } });
  process.exit(7);
}
