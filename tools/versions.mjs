/**
 * The first dotted number in a program's version line: `redis-server` says `v=7.0.15`, `postgres` `15.18 (Debian …)`.
 * @returns {readonly number[] | undefined}
 */
export function parseVersion(text) {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? /(\d+)/.exec(text);
  return found ? found.slice(1).map((part) => Number(part ?? 0)) : undefined;
}

/** @returns {number} negative, zero or positive, as in a sort */
export function compareVersions(left, right) {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * @param {readonly number[]} version
 * @param {{atLeast: readonly number[], below?: readonly number[]}} range `below` is exclusive
 */
export function inRange(version, range) {
  if (compareVersions(version, range.atLeast) < 0) return false;
  return range.below === undefined || compareVersions(version, range.below) < 0;
}

/** @param {{atLeast: readonly number[], below?: readonly number[]}} range */
export function rangeText(range) {
  const from = `≥ ${range.atLeast.join('.')}`;
  return range.below === undefined ? from : `${from} and < ${range.below.join('.')}`;
}
