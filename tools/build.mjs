import { join } from 'node:path';
import { runBuilder } from './build-program.mjs';
import { bundlePrograms } from './bundle/build.mjs';
import { buildDashboard } from './dashboard/build.mjs';
import { root } from './paths.mjs';
import { step } from './progress.mjs';

/**
 * Compiles what has changed since the last time, bundles the services from that, and the dashboard from its sources.
 * @param {string} node
 * @param {{sealed?: boolean}} [options] `sealed`: nothing is compiled any more where these programs go
 */
export function buildAll(node, options) {
  const services = compile(node).then(() => bundlePrograms(node, options));
  return step('building', () => Promise.all([services, buildDashboard(node)]));
}

function compile(node) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const where = join(root, 'tsconfig.json');
  return runBuilder(node, [compiler, '-b', '--pretty', 'false'], { name: 'the compiler', where });
}
