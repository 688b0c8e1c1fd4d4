/**
 * Suites that start a whole platform or dozens of processes; two of them at once only make each other wait. By the end of
 * their paths; a folder stands for all of its suites.
 */
export const heavySuites = [
  'tools/recovery/recovery.spec.mjs',
  'services/dashboard/test/journeys',
  'services/execution/test/kill-between-send-and-answer.spec.ts',
  'services/cli/test/integrators.spec.ts',
];

/**
 * Suites that last, mostly in waiting, and leave the others room. They come first: begun at the end, one alone would keep the whole
 * run waiting.
 */
export const lastingSuites = [
  'services/risk-gate/test/risk-gate.spec.ts',
  'services/execution/test/emulated-orders.spec.ts',
  'services/setup/test/restore-in-place.spec.ts',
  'services/setup/test/backup.spec.ts',
  'services/kafka-bridge/test/outage.spec.ts',
  'tools/tracing/tracing.spec.mjs',
  'tools/k8s/k8s.spec.mjs',
  'services/sim-exchange/src/state.spec.ts',
  'services/sim-exchange/src/conformance.spec.ts',
  'services/market-data/src/polling.spec.ts',
  'services/inference/test/inference.spec.ts',
  'services/strategy/test/restarts-and-outages.spec.ts',
];

const isOneOf = (suites) => (path) => suites.some((suite) => path.includes(`/${suite}`));
const isHeavy = isOneOf(heavySuites);
const isLasting = isOneOf(lastingSuites);

/** Those whose time is known to matter share no load with others. @param {string} path */
export const runsAlone = (path) => isHeavy(path) || isLasting(path);

/**
 * The same order on every machine: by path, those that last before the others, and the heavy suites spread evenly among them, the
 * first of them first.
 * @param {readonly string[]} paths
 */
export function inOrder(paths) {
  const sorted = paths.toSorted();
  const heavy = sorted.filter(isHeavy);
  const rest = sorted.filter((path) => !isHeavy(path));
  const light = [...rest.filter(isLasting), ...rest.filter((path) => !isLasting(path))];
  const ordered = [];
  for (const [index, path] of heavy.entries()) {
    const [from, to] = [index, index + 1].map((share) => Math.floor((share * light.length) / heavy.length));
    ordered.push(path, ...light.slice(from, to));
  }
  return heavy.length === 0 ? light : ordered;
}
