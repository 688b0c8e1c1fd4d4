import { join } from 'node:path';
import { runBuilder } from '../build-program.mjs';
import { root } from '../paths.mjs';
import { say } from '../progress.mjs';
import { isBundled } from './programs.mjs';

const where = join(root, 'tools/bundle/write.mjs');

/**
 * Bundles all services when the compiler has written something that they are made of since the last time.
 * @param {string} node the pinned one
 * @param {{sealed?: boolean}} [options] of `buildAll`
 * @returns {Promise<boolean>} whether anything had to be bundled
 */
export async function bundlePrograms(node, { sealed = false } = {}) {
  // What is current is not what goes into an image: it compares, and copies have times of their own.
  if (!sealed && isBundled()) return false;
  const since = Date.now();
  await runBuilder(node, [where, ...(sealed ? ['--sealed'] : [])], { name: 'the bundler of the services', where });
  say(`✓ bundling the services (${((Date.now() - since) / 1000).toFixed(1)} s)`);
  return true;
}
