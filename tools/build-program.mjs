import { spawn } from 'node:child_process';
import { Failure } from './failure.mjs';
import { root } from './paths.mjs';
import { pinnedEnvironment } from './pinned-node.mjs';

const shownLines = 40;

/**
 * Runs a program of the build to its end.
 * @param {string} node the pinned one
 * @param {readonly string[]} args the program and what it is told
 * @param {{name: string, where: string, cwd?: string, environment?: Record<string, string>}} more what a person is told when it fails
 * @throws {Failure} BUILD_FAILED, with the first lines of what it said
 */
export function runBuilder(node, args, { name, where, cwd = root, environment = {} }) {
  return new Promise((resolve, reject) => {
    const env = { ...pinnedEnvironment(), NO_COLOR: '1', ...environment };
    const child = spawn(node, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const details = said.join('').trim().split('\n');
      reject(
        new Failure('BUILD_FAILED', `${name} ended with ${code}: ${details.length} lines.`, {
          details: details.slice(0, shownLines),
          where,
          next: 'correct the sources and run the same command again',
        }),
      );
    });
  });
}
