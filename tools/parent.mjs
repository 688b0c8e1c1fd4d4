const pollMs = 500;

/**
 * Calls `onGone` once when the process that started us has ended: npm and npx pass no signal on when they are killed, so nobody
 * else would tell us.
 */
export function watchParent(onGone) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, pollMs);
  timer.unref();
}

export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
