/** Processes that stand still; whoever ends the run wakes them first, so that they can end well. */
export function createStopped() {
  const pids = new Set();
  const signal = (pid, name) => {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended meanwhile.
    }
  };
  return {
    stop: (pid) => {
      pids.add(pid);
      signal(pid, 'SIGSTOP');
    },
    wake: (pid) => {
      if (pids.delete(pid)) signal(pid, 'SIGCONT');
    },
    wakeAll: () => {
      for (const pid of pids) signal(pid, 'SIGCONT');
      pids.clear();
    },
  };
}
