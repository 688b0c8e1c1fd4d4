import { say } from '../progress.mjs';

const firstDelayMs = 500;
const longestDelayMs = 15_000;
const usualHealthyMs = 60_000;

/** How long to wait before the next start: doubling, bounded, forgotten after a healthy while. */
export function nextDelay(previousMs, livedMs, healthyMs = usualHealthyMs) {
  if (previousMs === undefined || livedMs >= healthyMs) return firstDelayMs;
  return Math.min(previousMs * 2, longestDelayMs);
}

function ending(code, signal) {
  return signal === null ? `with code ${code}` : `by ${signal}`;
}

/**
 * Starts a process again whenever it ends, until everything is ending; every restart is said.
 * @param {{name: string, child: import('node:child_process').ChildProcess,
 *   start: () => import('node:child_process').ChildProcess, isEnding: () => boolean, healthyMs?: number}} wanted
 *   `healthyMs`: after how long a process counts as healthy, default one minute
 */
export function keepRunning({ name, child, start, isEnding, healthyMs }) {
  let delayMs;
  const watch = (running, startedAt) => {
    let ended = false;
    const onEnd = (reason) => {
      if (ended || isEnding()) return;
      ended = true;
      delayMs = nextDelay(delayMs, Date.now() - startedAt, healthyMs);
      say(`! ${name} ended ${reason}: starting it again in ${delayMs / 1000} s`);
      setTimeout(() => {
        if (!isEnding()) watch(start(), Date.now());
      }, delayMs);
    };
    running.once('exit', (code, signal) => onEnd(ending(code, signal)));
    running.once('error', (error) => onEnd(`before it began (${error.message})`));
    if (running.exitCode !== null || running.signalCode !== null) onEnd(ending(running.exitCode, running.signalCode));
  };
  watch(child, Date.now());
}
