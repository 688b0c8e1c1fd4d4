import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from '../paths.mjs';

function run(file, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'tools/backup', file), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let answer = '';
    let told = '';
    child.stdout.on('data', (chunk) => {
      answer += chunk;
    });
    child.stderr.on('data', (chunk) => {
      told += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, answer, told }));
  });
}

describe('the commands', () => {
  test.each([
    ['main.mjs', ['backup'], '--out names no folder'],
    ['main.mjs', ['restore', '--json'], '--from names no folder'],
    ['main.mjs', ['backup', '--out', 'x', '--name', 'never-started'], 'there is no instance "never-started"'],
    ['main.mjs', ['restore', '--from', 'x', '--overwrite'], "Unknown option '--overwrite'"],
    ['check.mjs', ['--fills', '0'], 'must be a whole number from 1 to 10000'],
  ])('%s %j says what is wrong', async (file, args, text) => {
    const { code, told } = await run(file, ...args);
    expect(code).toBe(2);
    expect(told).toContain(text);
  });
});
