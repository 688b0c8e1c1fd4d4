const quietMs = 2_000;
const everyMs = 5_000;

/** Everything that is not a command's answer goes to stderr. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/**
 * Runs one step; a step that takes longer than two seconds says what it is doing, goes on saying it, and says when it ended.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const since = Date.now();
  let spoke = false;
  const speak = () => {
    spoke = true;
    say(`… ${label} (${seconds(since)})`);
  };
  const first = setTimeout(speak, quietMs);
  const again = setInterval(() => Date.now() - since > everyMs && speak(), everyMs);
  try {
    const result = await work();
    if (spoke) say(`✓ ${label} (${seconds(since)})`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(again);
  }
}
