import { SweepThread } from './sweep-thread.js';

/** Who sweeps again does it soon; an idle thread holds the modules that it has loaded, some tens of megabytes. */
const idleMillis = 10_000;
const idleMax = 16;

/**
 * Threads between two sweeps: starting one takes longer than many a sweep. They keep no process alive, and do not wait for ever.
 * One that has run code of a user is never among them: modules stay loaded, whatever becomes of their files.
 */
export class IdleThreads {
  private readonly waiting = new Map<SweepThread, NodeJS.Timeout>();

  /** An idle one, or a new one of this number. */
  take(number: number): SweepThread {
    for (const [thread, timer] of this.waiting) {
      clearTimeout(timer);
      this.waiting.delete(thread);
      if (thread.isAlive) return thread;
    }
    return new SweepThread(number);
  }

  async giveBack(thread: SweepThread): Promise<void> {
    if (!thread.isAlive || this.waiting.size === idleMax) {
      await thread.end();
      return;
    }
    thread.rest();
    const timer = setTimeout(() => {
      this.waiting.delete(thread);
      void thread.end();
    }, idleMillis);
    timer.unref();
    this.waiting.set(thread, timer);
  }

  /** Ends those that wait. */
  async end(): Promise<void> {
    const threads = [...this.waiting];
    this.waiting.clear();
    for (const [, timer] of threads) clearTimeout(timer);
    await Promise.all(threads.map(([thread]) => thread.end()));
  }
}

/** Of this process. */
export const idleThreads = new IdleThreads();
