import { spawn } from 'node:child_process';
import { root } from './paths.mjs';
import { pinnedEnvironment } from './pinned-node.mjs';

/**
 * Runs a program of the project in the foreground.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{environment?: Record<string, string | undefined>, stdio?: unknown, onStart?: (child: object) => void}} [options]
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export function runForeground(
  command,
  args,
  { environment = {}, stdio = ['ignore', 'inherit', 'inherit'], onStart } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio, env: { ...pinnedEnvironment(), ...environment } });
    child.once('error', reject);
    child.once('spawn', () => onStart?.(child));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
