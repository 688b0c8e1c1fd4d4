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

const isHeavy = (path) => heavySuites.some((heavy) => path.includes(`/${heavy}`));

/**
 * The same order on every machine: by path, with the heavy suites spread evenly among the others, the first of them first.
 * @param {readonly string[]} paths
 */
export function inOrder(paths) {
  const sorted = paths.toSorted();
  const heavy = sorted.filter(isHeavy);
  const light = sorted.filter((path) => !isHeavy(path));
  const ordered = [];
  for (const [index, path] of heavy.entries()) {
    const [from, to] = [index, index + 1].map((share) => Math.floor((share * light.length) / heavy.length));
    ordered.push(path, ...light.slice(from, to));
  }
  return heavy.length === 0 ? light : ordered;
}
