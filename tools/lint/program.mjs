import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../paths.mjs';
import { pinnedEnvironment } from '../pinned-node.mjs';

const shownLines = 60;

/**
 * Runs a program of node_modules under this Node.
 * @param {string} file relative to the root
 * @param {readonly string[]} args
 * @param {{cwd?: string}} [options]
 * @returns {Promise<{code: number | null, stdout: string, output: string}>}
 */
export function execute(file, args, { cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn(process.execPath, [join(root, file), ...args], { cwd, stdio, env: pinnedEnvironment() });
    const said = { stdout: [], both: [] };
    child.stdout.on('data', (chunk) => {
      said.stdout.push(chunk);
      said.both.push(chunk);
    });
    child.stderr.on('data', (chunk) => said.both.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const text = (chunks) => Buffer.concat(chunks).toString('utf8');
      resolve({ code, stdout: text(said.stdout), output: text(said.both) });
    });
  });
}

/** @returns {Promise<string[]>} what the program said when it failed; empty when it passed */
export async function runProgram(file, args, options) {
  const { code, output } = await execute(file, args, options);
  if (code === 0) return [];
  const lines = output.trim().split('\n');
  const more = lines.length > shownLines ? [`… ${lines.length - shownLines} more lines`] : [];
  return [...lines.slice(0, shownLines), ...more, `(exit code ${code})`];
}
