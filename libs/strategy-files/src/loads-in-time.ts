import { Worker } from 'node:worker_threads';

/** Beside this file; specs run this file as it was written, and the thread as it was compiled. */
const program = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/loading-thread.js' : './loading-thread.js',
  import.meta.url,
);

/**
 * Whether loading a strategy comes to an end, well or badly. False: its module loops, or awaits what never comes; on this thread
 * nothing would be heard of it again. A module is code, and what it does while it is loaded is done in the thread that finds out, too.
 * @param file absolute
 */
export async function loadsInTime(file: string, limitMs: number): Promise<boolean> {
  const thread = new Worker(program, { workerData: file, stdout: true, stderr: true });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const late = setTimeout(() => resolve(false), limitMs);
  thread.on('message', () => resolve(true));
  // Thrown later than it was loaded: told, too, where it is loaded to be used.
  thread.on('error', () => resolve(true));
  thread.on('exit', () => resolve(false));
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    await thread.terminate();
  }
}
