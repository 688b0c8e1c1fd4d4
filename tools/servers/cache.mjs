import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../lock.mjs';
import { say, step } from '../progress.mjs';
import { extractPackages } from './apt.mjs';

/**
 * The folder of extracted packages of that name, fetched once; clones that share a cache wait for one another.
 * @param {string} cache
 * @param {{name: string, suite: string, packages: readonly string[]}} wanted
 */
export async function cachedFolder(cache, { name, suite, packages }) {
  if (process.platform !== 'linux') throw new Error(`no package is provisioned on ${process.platform}`);
  const target = join(cache, 'servers', `${name}-${process.arch}`);
  if (existsSync(target)) return target;
  return withLock(
    join(cache, 'servers', `${name}.lock`),
    async () => {
      if (!existsSync(target)) {
        await step(`fetching ${name} from the distribution's archive`, () =>
          extractPackages({ suite, packages, target }),
        );
      }
      return target;
    },
    { onWait: (pid) => say(`… waiting for process ${pid}, which fetches ${name}`) },
  );
}
