// The floor of a sweep: as many threads, each with the loop by hand. They stay open between sweeps, as ours do.
import { Worker } from 'node:worker_threads';

const program = new URL('./floor-worker.mjs', import.meta.url);

export class FloorThreads {
  #workers;

  constructor(count) {
    this.#workers = Array.from({ length: count }, () => new Worker(program));
  }

  /** @param keepsAverages each thread reckons the average of a period once, instead of for each combination */
  async sweep({ bars, market, combinations }, keepsAverages) {
    const next = new Int32Array(new SharedArrayBuffer(4));
    const rows = this.#workers.map((worker) => rowsOf(worker, { bars, market, combinations, keepsAverages, next }));
    return (await Promise.all(rows)).flat().toSorted((left, right) => left.at - right.at);
  }

  async end() {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function rowsOf(worker, asked) {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.postMessage(asked);
  });
}
