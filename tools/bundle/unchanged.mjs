import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Time and size of a file, told apart to the nanosecond where the system can. */
export function markOf(path) {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'missing' : `${stat.mtimeNs}/${stat.size}`;
}

function read(inputs) {
  try {
    return Object.entries(JSON.parse(readFileSync(inputs, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Every bundled program asks it when it starts, so that code that was compiled since is never left out of a run.
 * @param {string} inputs a file that names each file, relative to itself, that a bundle was made of or is in, with its mark at that time
 */
export function areUnchanged(inputs) {
  const folder = dirname(inputs);
  // Joined by hand: some four hundred paths, in a process that is to start soon.
  return read(inputs)?.every(([path, mark]) => markOf(`${folder}/${path}`) === mark) ?? false;
}
