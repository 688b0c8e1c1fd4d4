import { Worker } from 'node:worker_threads';

/**
 * Does tasks in several threads and gives their results in the order of the tasks, whichever thread was quicker.
 * @param {number} threads
 * @param {Iterable<object>} tasks
 * @param {(result: object) => boolean} [goesOn] asked after every result; false: nothing new is begun
 */
export async function inThreads(threads, tasks, goesOn = () => true) {
  const results = [];
  const queue = [...tasks].map((task, place) => ({ task, place }));
  let ended = false;
  const work = async () => {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url));
    try {
      for (let next = queue.shift(); next !== undefined && !ended; next = queue.shift()) {
        const result = await answerOf(worker, next.task);
        results[next.place] = result;
        ended ||= !goesOn(result);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, queue.length) }, work));
  return results.filter((result) => result !== undefined);
}

function answerOf(worker, task) {
  return new Promise((resolve, reject) => {
    const end = () => worker.off('message', answered).off('error', failed);
    const answered = (result) => {
      end();
      resolve(result);
    };
    const failed = (error) => {
      end();
      reject(error);
    };
    worker.on('message', answered).on('error', failed);
    worker.postMessage(task);
  });
}
