import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildDashboard } from './dashboard/build.mjs';
import { Failure } from './failure.mjs';
import { root } from './paths.mjs';
import { pinnedEnvironment } from './pinned-node.mjs';
import { step } from './progress.mjs';

/**
 * Compiles what has changed since the last time, and bundles the dashboard likewise.
 * @param {string} node
 */
export function buildAll(node) {
  return step('building', () => Promise.all([compile(node), buildDashboard(node)]));
}

function compile(node) {
  return new Promise((resolve, reject) => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn(node, [compiler, '-b', '--pretty', 'false'], { cwd: root, env: pinnedEnvironment(), stdio });
    const lines = [];
    child.stdout.on('data', (chunk) => lines.push(String(chunk)));
    child.stderr.on('data', (chunk) => lines.push(String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const details = lines.join('').trim().split('\n');
      reject(
        new Failure('BUILD_FAILED', `the compiler ended with ${code}: ${details.length} lines.`, {
          details: details.slice(0, 40),
          where: join(root, 'tsconfig.json'),
          next: 'correct the sources and run the same command again',
        }),
      );
    });
  });
}
