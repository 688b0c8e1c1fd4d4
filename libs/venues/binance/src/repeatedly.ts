import type { Micros } from '@scalpstorm/kernel';

/** Runs a measurement in intervals; one that fails is simply made again at the next. Gives the way to stop it. */
export function repeatedly(interval: Micros, measure: () => Promise<unknown>): () => void {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    measure()
      .catch(() => undefined)
      .finally(() => {
        running = false;
      });
  }, interval / 1_000);
  timer.unref();
  return () => clearInterval(timer);
}
