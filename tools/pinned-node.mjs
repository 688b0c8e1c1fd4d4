import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './paths.mjs';
import { say } from './progress.mjs';
import { compareVersions, parseVersion } from './versions.mjs';

// The oldest that can load everything: Jest takes require() of modules from there on.
const oldest = [24, 9];

export const binFolder = join(root, 'node_modules/.bin');

/** The Node that npm installed for this project, or the machine's own when the platform has none and it is new enough. */
export function pinnedNode() {
  const pinned = join(binFolder, 'node');
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  const own = parseVersion(process.version);
  if (compareVersions(own, oldest) >= 0) {
    say(
      `! no Node is packaged for ${process.platform} ${process.arch}: going on with the machine's own ${process.version}`,
    );
    return process.execPath;
  }
  throw new Failure(
    'NODE_UNAVAILABLE',
    `no Node of this project runs here, and the machine's own is ${process.version}.`,
    {
      where: pinned,
      next: `install Node ${oldest.join('.')} or newer and run the same command again`,
    },
  );
}

/** The environment in which the project's own programs come first. */
export function pinnedEnvironment(environment = process.env) {
  return { ...environment, PATH: `${binFolder}${delimiter}${environment.PATH ?? ''}` };
}
